/** The law that the contract itself must keep. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { z } from 'zod';
import { errorCodes } from './error-codes.ts';
import { UsageRecord } from './internal/usage-record.ts';
import { WorkerReport } from './internal/worker-report.ts';
import { content, fieldsOf, pub } from './marks.ts';
import { carriesContent, operation } from './operation.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { openApiDocument } from './openapi.ts';

const all = Object.entries(operations) as [string, Operation][];
const schemasOf = (op: Operation): z.ZodType[] => [op.params, op.query, op.request, op.response, op.event].filter((schema) => schema !== undefined);

test('every field of every operation is marked', () => {
  const unmarked = all.flatMap(([id, op]) => schemasOf(op).flatMap((schema) => fieldsOf(schema)).filter((field) => !field.mark).map((field) => `${id}: ${field.path}`));
  assert.deepEqual(unmarked, []);
});

test('an operation that carries content is served by the gateway and never by control', () => {
  const wrong = all.filter(([, op]) => carriesContent(op) && op.servedBy !== 'gateway').map(([id]) => id);
  assert.deepEqual(wrong, []);
});

test('a content field added to a control operation would be noticed', async () => {
  const { z } = await import('zod');
  const sneaky = operation({
    id: 'sneaky', summary: '', tag: '', method: 'POST', path: '/api/sneaky', access: 'project', servedBy: 'control',
    request: z.strictObject({ note: pub(z.string()), deep: z.array(z.object({ text: content(z.string()).optional() })) }), response: z.object({}), errors: [],
  });
  assert.equal(carriesContent(sneaky), true);
});

test('an operation is known by its own name, and no two share a method and path', () => {
  assert.deepEqual(all.filter(([id, op]) => id !== op.id), []);
  const routes = all.flatMap(([, op]) => [op.path, ...(op.aliases ?? [])].map((path) => `${op.method} ${path.replace(/\{\w+\}/g, '{}')}`));
  assert.deepEqual(routes.filter((route, i) => routes.indexOf(route) !== i), []);
});

/** Every string that a schema admits, as patterns: a field without one could carry a prompt. */
function freeStrings(schema: z.core.$ZodType, path = ''): string[] {
  const def = schema._zod.def as unknown as { type: string; shape?: Record<string, z.core.$ZodType>; element?: z.core.$ZodType; innerType?: z.core.$ZodType; options?: z.core.$ZodType[]; checks?: { _zod: { def: { format?: string; pattern?: RegExp } } }[]; format?: string };
  switch (def.type) {
    case 'object': return Object.entries(def.shape ?? {}).flatMap(([name, field]) => freeStrings(field, `${path}.${name}`));
    case 'array': return def.element ? freeStrings(def.element, `${path}[]`) : [];
    case 'nullable': case 'optional': return def.innerType ? freeStrings(def.innerType, path) : [];
    case 'union': return (def.options ?? []).flatMap((option) => freeStrings(option, path));
    case 'string': return def.format ?? def.checks?.some((check) => check._zod.def.pattern) ? [] : [path];
    case 'enum': case 'literal': case 'number': case 'int': case 'boolean': return [];
    default: return [`${path} (${def.type})`];
  }
}

test('what the gateway tells control has no free-form string in it', () => {
  assert.deepEqual(freeStrings(UsageRecord), []);
  assert.deepEqual(freeStrings(WorkerReport), []);
});

test('every error code says what to do and has an HTTP status', () => {
  for (const [code, kind] of Object.entries(errorCodes)) {
    assert.match(code, /^[a-z_]+$/);
    assert.ok(kind.status >= 400 && kind.status < 600 && kind.message.length > 20, code);
  }
});

test('the inference plane never answers 409, which SDKs retry', () => {
  for (const [id, op] of all.filter(([, op]) => op.access === 'inference')) {
    assert.deepEqual(op.errors.filter((code) => errorCodes[code].status === 409), [], id);
  }
});

test('docs/openapi.json is the generated document', () => {
  const written = readFileSync(new URL('../docs/openapi.json', import.meta.url), 'utf8');
  assert.equal(written, `${JSON.stringify(openApiDocument(), null, 1)}\n`, 'run: npm run openapi');
});
