/** The data map is the one in docs/, it agrees with itself, and each check notices a planted difference. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { content, pub } from '../marks.ts';
import { operation } from '../operation.ts';
import { dataClasses, isContent } from './classes.ts';
import type { DataClassId } from './classes.ts';
import { dataMap } from './data-map.ts';
import type { DataMap } from './data-map.ts';
import { matches } from './files.ts';
import { mapOperation } from './operation-fields.ts';
import { dataMapPage } from './page.ts';
import { processes } from './processes.ts';
import { foreignFields } from './telemetry.ts';

const written = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const asJson = (map: DataMap): string => `${JSON.stringify(map, null, 1)}\n`;
/** The map with one thing changed. */
const planted = (change: (map: DataMap) => void): DataMap => { const map = structuredClone(dataMap()); change(map); return map; };
const entry = <T extends { id: string }>(list: readonly T[], id: string): T => { const found = list.find((each) => each.id === id); assert.ok(found, id); return found; };

/** What a map says that cannot be, in one sentence each. */
function contradictions(map: DataMap): string[] {
  const found: string[] = [];
  const handles = (process: string, id: DataClassId): boolean => entry(map.classes, id).processed.some((each) => each.process === process);
  for (const each of map.classes) {
    if (isContent(each.id) && each.storedIn.length > 0) found.push(`${each.id} is stored`);
    for (const { process } of each.processed) if (isContent(each.id) && !processes[process].seesContent) found.push(`${each.id} is in ${process}`);
    if (each.processed.length === 0) found.push(`${each.id} is nowhere`);
  }
  for (const { id, sends, openings } of map.destinations) {
    for (const each of sends) if (!openings.some(({ process }) => handles(process, each))) found.push(`${id} is sent ${each}, which no sender has`);
  }
  for (const { id, carries, connects, listens } of map.localConnections) {
    for (const each of carries) if (isContent(each) && [...connects, ...listens].some((end) => !processes[end.process].seesContent && (end.carries ?? carries).includes(each))) found.push(`${id} carries ${each}`);
  }
  for (const { id, servedBy, fields } of map.operations) {
    // Everything passes the gateway, and what control answers is in control besides.
    for (const field of fields) for (const process of ['gateway', servedBy]) if (!handles(process, field.class)) found.push(`${id}: ${field.path} is ${field.class}, which ${process} does not have`);
  }
  const database = entry(map.destinations, 'database').sends;
  for (const { table, columns } of map.tables) for (const { class: id } of Object.values(columns)) if (!database.includes(id)) found.push(`${table} has ${id}, which the database is not sent`);
  return found;
}

describe('docs', () => {
  for (const [name, make] of [['data-map.json', asJson], ['data-map.html', dataMapPage]] as const) {
    test(`${name} is the generated map`, () => assert.ok(written(name) === make(dataMap()), 'run: npm run data-map'));
    test(`${name} would differ from a map with one more thing sent`, () => {
      assert.ok(written(name) !== make(planted((map) => { entry(map.destinations, 'model_hub').sends = ['catalog', 'usage']; })));
    });
  }
  test('the page runs nothing, loads nothing, and names every table and its columns', () => {
    const page = dataMapPage(dataMap());
    assert.doesNotMatch(page, /<script|\son\w+=|javascript:|<link|<img|<iframe|@import|url\(|https?:/i);
    assert.equal([...page.matchAll(/<table>/g)].length, [...page.matchAll(/<table><caption>[^<]+<\/caption>\n<thead>/g)].length);
  });
  test('what the map says is text on the page, never markup', () => {
    assert.match(dataMapPage(planted((map) => { map.promise = '<script>alert(1)</script>'; })), /&#60;script&#62;/);
  });
});

describe('the map agrees with itself', () => {
  test('as it is', () => assert.deepEqual(contradictions(dataMap()), []));
  const plants: [name: string, change: (map: DataMap) => void, says: string][] = [
    ['a stored prompt', (map) => { entry(map.classes, 'prompt').storedIn.push({ place: 'prompts.text', protection: 'disk', kept: 'a day', readers: 'control' }); }, 'prompt is stored'],
    ['outputs in control', (map) => { entry(map.classes, 'output').processed = [{ process: 'control', held: 'one request' }]; }, 'output is in control'],
    ['prompts sent to the model hub', (map) => { entry(map.destinations, 'model_hub').sends = ['prompt']; }, 'model_hub is sent prompt, which no sender has'],
    ['prompts over the socket of control', (map) => { entry(map.localConnections, 'control').carries = ['prompt']; }, 'control carries prompt'],
    ['a column of prompts', (map) => { map.tables.push({ table: 'drafts', what: '', kept: '', readers: '', columns: { text: { class: 'prompt', protection: 'disk' } } }); }, 'drafts has prompt, which the database is not sent'],
  ];
  for (const [name, change, says] of plants) test(`${name} would be noticed`, () => assert.ok(contradictions(planted(change)).includes(says)));

  test('an operation of control with a content field would be noticed', () => {
    const sneaky = mapOperation(operation({
      id: 'sneaky', summary: '', tag: 'catalog', method: 'POST', path: '/api/sneaky', access: 'project', servedBy: 'control',
      request: z.strictObject({ note: content(z.string()) }), response: z.object({ id: pub(z.string()) }), errors: [],
    }));
    assert.deepEqual(contradictions(planted((map) => { map.operations.push(sneaky); })), ['sneaky: note is prompt, which control does not have']);
  });
  test('an operation with a field that has no mark cannot be mapped', () => {
    assert.throws(() => mapOperation(operation({ id: 'bare', summary: '', tag: '', method: 'GET', path: '/', access: 'none', servedBy: 'gateway', response: z.object({ note: z.string() }), errors: [] })), /note has no mark/);
  });
});

test('of content, exactly three destinations may be sent any: the caller, a registered engine, and the server that a user has chosen', () => {
  const may = dataMap().destinations.filter(({ sends }) => sends.some(isContent)).map(({ id }) => id);
  assert.deepEqual(may, ['caller', 'external_engine', 'server']);
});

test('every class is found in a field, in a place, or named as what exists in memory alone', () => {
  const inMemoryAlone: DataClassId[] = ['engine_state', 'network_address', 'operator_credential'];
  const nowhere = dataMap().classes.filter(({ fields, storedIn }) => fields.length === 0 && storedIn.length === 0).map(({ id }) => id);
  assert.deepEqual(nowhere, inMemoryAlone);
  assert.equal(Object.keys(dataClasses).length, dataMap().classes.length);
});

test('a pattern of files means what it says', () => {
  assert.deepEqual([matches('models/sha256/*', 'models/sha256/ab'), matches('models/sha256/*', 'models/sha256/a/b'), matches('postgres/**', 'postgres/base/1'), matches('ca.pem', 'caxpem'), matches('logs/control.log*', 'logs/control.log.1')],
    [true, false, true, false, true]);
});

test('a line of a log with a text in it, or a field that nobody declared, is foreign', () => {
  const line = { at: '2026-01-02T03:04:05.000Z', process: 'gateway', event: 'request_finished', requestId: 'none', status: 200, code: null };
  assert.deepEqual(foreignFields(line), []);
  assert.deepEqual(foreignFields({ ...line, prompt: 'hello', outcome: 'what is a prompt?', ms: '3', requestId: 'mine' }), ['requestId', 'prompt', 'outcome', 'ms']);
});
