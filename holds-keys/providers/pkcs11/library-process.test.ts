import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { LibraryProcess } from './library-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-library-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const asked = join(folder, 'asked');
const lines = (): string[] => readFileSync(asked, 'utf8').split('\n').slice(0, -1);

/** Stands for the program with the library: writes down what it is asked, takes every PIN but those of `wrong…`, and answers the nth question as its file says. */
const program = join(folder, 'program.mjs');
writeFileSync(program, `
import { appendFileSync, readFileSync, writeSync } from 'node:fs';
const folder = process.argv[2];
let unfinished = '';
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (unfinished + text).split('\\n');
  unfinished = lines.pop();
  for (const line of lines) {
    const { operation, body } = JSON.parse(line);
    appendFileSync(folder + '/asked', (operation === 'open' ? 'open ' + body.pin : operation) + '\\n');
    const wrong = operation === 'open' && body.pin.startsWith('wrong');
    const nth = readFileSync(folder + '/asked', 'utf8').split('\\n').filter((each) => each === 'current').length;
    const lost = operation === 'current' && JSON.parse(readFileSync(folder + '/lost', 'utf8')).includes(nth);
    const answer = wrong ? { failed: 'denied', reason: 'refused', call: 'C_Login', answer: 0xa0 } : lost ? { failed: 'denied', reason: 'refused', call: 'C_FindObjectsInit', answer: 0x101 } : { done: operation === 'current' ? { kid: 'kid' } : {} };
    writeSync(3, JSON.stringify(answer) + '\\n');
  }
}).on('end', () => process.exit(0));
`);
const lost = (...questions: number[]): void => writeFileSync(join(folder, 'lost'), JSON.stringify(questions));
beforeEach(() => { rmSync(asked, { force: true }); appendFileSync(asked, ''); lost(); });

const started = (pin: string): LibraryProcess => new LibraryProcess({ library: folder, environment: {}, timeoutMs: 10_000 }, { token: { label: 'token' }, key: 'customer', pin }, program);
const denied = { code: 'denied' };

test('several projects on one token: a wrong PIN costs it one try, however many ask, and each keeps to that', async (t) => {
  const projects = Array.from({ length: 4 }, () => started('wrong-1'));
  t.after(() => Promise.all(projects.map((each) => each.close())));
  for (let again = 0; again < 2; again++) await Promise.all(projects.map((each) => assert.rejects(each.ask('current', {}), denied)));
  const later = started('wrong-1');
  t.after(() => later.close());
  await assert.rejects(later.ask('current', {}), denied);
  assert.deepEqual(lines(), ['open wrong-1']);
});

test('another PIN of the same token is another try', async (t) => {
  const [wrong, right] = [started('wrong-2'), started('right')];
  t.after(() => Promise.all([wrong.close(), right.close()]));
  await assert.rejects(wrong.ask('current', {}), denied);
  assert.deepEqual(await right.ask('current', {}), { kid: 'kid' });
});

test('a token that has forgotten a login that was open is logged in to anew: that is no refusal', async (t) => {
  const library = started('right');
  t.after(() => library.close());
  await library.ask('current', {});
  lost(2);
  assert.deepEqual(await library.ask('current', {}), { kid: 'kid' });
  assert.deepEqual(lines(), ['open right', 'current', 'current', 'open right', 'current']);
});

test('one that says so right after a login refuses', async (t) => {
  const library = started('right');
  t.after(() => library.close());
  lost(1, 2, 3);
  await assert.rejects(library.ask('current', {}), denied);
  assert.deepEqual(lines(), ['open right', 'current']);
});

test('many who ask at once are asked for in one login', async (t) => {
  const library = started('right');
  t.after(() => library.close());
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => library.ask('current', {}))), Array(3).fill({ kid: 'kid' }));
  assert.deepEqual(lines(), ['open right', 'current', 'current', 'current']);
});
