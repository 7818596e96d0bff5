/** The least valid value of a schema, so that a request can be made of any operation that the contract has or will have. */
import type { z } from 'zod';

export type Schema = z.core.$ZodType;
export interface Definition {
  type: string; shape?: Record<string, Schema>; element?: Schema; innerType?: Schema; in?: Schema; options?: Schema[]; items?: Schema[];
  keyType?: Schema; valueType?: Schema; entries?: Record<string, string | number>; values?: unknown[]; getter?: () => Schema;
}
export const definitionOf = (schema: Schema): Definition => schema._zod.def;
export const accepts = (schema: Schema, value: unknown): boolean => (schema as z.ZodType).safeParse(value).success;

/** Values that must stand where a name means something, such as that of a deployment that is there. By the field's name; those of the fields inside it below its name. */
export type Givens = Record<string, unknown>;
/** Of the fields inside a field. */
export const inside = (givens: Givens, name: string): Givens => (typeof givens[name] === 'object' && givens[name] !== null ? givens[name] as Givens : {});

const digits = '0'.repeat(64);
/** What the contract's patterns ask for; a pattern that none of these fits is told by the test beside this file. */
const strings = [
  'audit', 'a', '1', '0', 'en', '/audit', 'audit/audit', 'https://audit.invalid/v1', 'http://audit.invalid/v1', digits, `sha256:${digits}`, '1970-01-01T00:00:00.000Z', '1970-01-01T00-00-00.000Z', '000', 'YXVkaXQ=', digits.slice(32),
  ...['req', 'dep', 'prj', 'key', 'tok', 'eng', 'pul', 'usr', 'ses', 'fil', 'upl', 'prt', 'dst'].map((kind) => `${kind}_${'0'.repeat(26)}`),
];
const numbers = [1, 0, 2, 64, 0.5, 1000];
const first = (schema: Schema, candidates: unknown[]): unknown => candidates.find((candidate) => accepts(schema, candidate)) ?? candidates[0];

/** Whether the givens name this branch of a union by the word that tells it apart. */
const isNamed = (option: Schema, givens: Givens): boolean => Object.entries(definitionOf(option).shape ?? {}).some(([name, field]) => definitionOf(field).type === 'literal' && Object.hasOwn(givens, name) && accepts(field, givens[name]));

export function example(schema: Schema, givens: Givens = {}): unknown {
  const { type, shape, element, innerType, options, items, keyType, valueType, entries, values, getter, in: input } = definitionOf(schema);
  switch (type) {
    case 'object': return exampleObject(shape ?? {}, givens);
    case 'array': return element === undefined || accepts(schema, []) ? [] : first(schema, [[example(element)], [example(element), example(element)]]);
    case 'optional': case 'nullable': case 'default': case 'prefault': case 'readonly': case 'nonoptional': case 'catch': return innerType && example(innerType, givens);
    case 'pipe': return input && example(input, givens);
    case 'lazy': return getter && example(getter(), givens);
    case 'union': return first(schema, [...(options ?? [])].sort((a, b) => Number(isNamed(b, givens)) - Number(isNamed(a, givens))).map((option) => example(option, givens)));
    case 'record': return accepts(schema, {}) || !keyType || !valueType ? {} : { [String(example(keyType))]: example(valueType) };
    case 'tuple': return (items ?? []).map((item) => example(item));
    case 'enum': return Object.values(entries ?? {})[0];
    case 'literal': return values?.[0];
    case 'boolean': return first(schema, [false, true]);
    case 'number': case 'int': return first(schema, numbers);
    case 'string': return first(schema, strings);
    case 'null': return null;
    default: return type === 'unknown' || type === 'any' ? 'audit' : undefined;
  }
}

/** What is needed, and what is given: a field that may be missing is left out unless it is among the givens. */
function exampleObject(shape: Record<string, Schema>, givens: Givens): Record<string, unknown> {
  const fields = Object.entries(shape).flatMap(([name, field]): [string, unknown][] => {
    if (Object.hasOwn(givens, name) && accepts(field, givens[name])) return [[name, givens[name]]];
    return accepts(field, undefined) && Object.keys(inside(givens, name)).length === 0 ? [] : [[name, example(field, inside(givens, name))]];
  });
  return Object.fromEntries(fields);
}
