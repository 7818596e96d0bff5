/** Every field of every event of every process is one that the data map declares, of a type that its kind allows. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { telemetryFields } from '#contract/data-map/telemetry.ts';
import type { FieldKind } from '#contract/data-map/telemetry.ts';
import { eventFields } from './event-fields.ts';
import type { EventField } from './event-fields.ts';
import { sourceFiles } from './source-files.ts';

const doors = [...sourceFiles()].filter(([path]) => path.endsWith('/events.ts'));

/** Whether a field of this kind may be declared with this type. A `string` is an id or a code, whose values the logs of a running installation are checked for. */
function allowed(kind: FieldKind, type: string): boolean {
  const parts = type.split('|').map((part) => part.trim()).filter((part) => part !== 'null');
  if (kind === 'number') return parts.every((part) => part === 'number');
  return parts.every((part) => part === 'string' || /^'[\w.-]+'$/.test(part) || ['ErrorCode', 'FailureCode', 'OperationId'].includes(part) || (part === 'number' && kind === 'code'));
}
const problems = (fields: EventField[]): string[] => fields.filter(({ field, type }) => {
  const declared = Object.hasOwn(telemetryFields, field) ? telemetryFields[field] : undefined;
  return !declared || !allowed(declared.kind, type);
}).map(({ event, field, type }) => `${event}.${field}: ${type}`);

test('there is one door in each process that has telemetry', () => {
  assert.deepEqual(doors.map(([path]) => path), ['holds-keys/custody/events.ts', 'never-sees-content/server/events.ts', 'never-sees-content/supervisor/events.ts', 'sees-content/gateway/events.ts']);
});
for (const [path, text] of doors) {
  test(`${path}: every field is declared`, () => {
    const fields = eventFields(text);
    assert.ok(fields.length > 3);
    assert.deepEqual(problems(fields), []);
  });
}

test('every declared field is used', () => {
  const used = new Set([...doors.flatMap(([, text]) => eventFields(text).map(({ field }) => field)), 'at', 'process', 'event', 'pid']);
  assert.deepEqual(Object.keys(telemetryFields).filter((field) => !used.has(field)), []);
});

describe('a planted field is found', () => {
  const plants: [text: string, problem: string][] = [
    ["const events = { failed: (message: string) => emit('failed', { message }) };", 'failed.message: string'],
    ["const events = { finished: (ms: string) => emit('finished', { ms }) };", 'finished.ms: string'],
    ["const events = { failed: (code: object) => emit('failed', { code }) };", 'failed.code: object'],
    ["const events = { asked: (request: { prompt: string }) => emit('asked', { requestId: request.prompt }) };", 'asked.requestId: unknown'],
    ["interface Finished { ms: number; prompt: string }\nconst events = { finished: (finished: Finished) => emit('finished', { ...finished }) };", 'finished.prompt: string'],
    ["interface Events { failed(body: string): void }\nconst events: Events = { failed: (body) => emit('failed', { body }) };", 'failed.body: string'],
  ];
  for (const [text, problem] of plants) test(problem, () => assert.deepEqual(problems(eventFields(text)), [problem]));
  test('fields that cannot be read from the text are refused', () => {
    assert.throws(() => eventFields("const events = { any: (fields: Fields) => emit('any', fields) };"), /not written out/);
    assert.throws(() => eventFields("const events = { any: (fields: Fields) => emit('any', { ...fields }) };"), /not written out/);
    assert.throws(() => eventFields('const events = { any: (name: string) => emit(name, {}) };'), /no fixed name/);
  });
});
