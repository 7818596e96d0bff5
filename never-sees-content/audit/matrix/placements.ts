/** Every place of a schema in which a canary can stand: as a value that the schema allows, and as one that it does not. */
import { markOf } from '#contract/marks.ts';
import type { Mark } from '#contract/marks.ts';
import { accepts, definitionOf, example, inside } from './example.ts';
import type { Givens, Schema } from './example.ts';

export interface Placement {
  /** Dotted, with the branch of a union where there are several: `messages[](user).content`. */
  path: string;
  mark: Mark;
  /** A whole value of the schema with the canary at this place. Undefined where no text is allowed there. */
  valid: ((canary: string) => unknown) | undefined;
  /** The same with a value of a wrong type that carries the canary. */
  invalid: (canary: string) => unknown;
}

/** In which disguises a canary passes where a pattern is asked for. */
const disguises: ((canary: string) => string)[] = [
  (canary) => canary, (canary) => `https://${canary}.invalid/v1`, (canary) => `http://${canary}.invalid/v1`, (canary) => `/${canary}`, (canary) => `${canary}/${canary}`, (canary) => `${canary}=`,
];
const probe = 'mkcanary000000000000';

type Wrap = (inner: unknown) => unknown;
function within(placement: Placement, wrap: Wrap): Placement {
  const { path, mark, valid, invalid } = placement;
  return { path, mark, valid: valid && ((canary) => wrap(valid(canary))), invalid: (canary) => wrap(invalid(canary)) };
}

/** A word that tells the branch of a union apart: its discriminator, or its position. */
function branchName(option: Schema, position: number): string {
  const { shape } = definitionOf(option);
  const word = Object.values(shape ?? {}).map((field) => definitionOf(field)).find(({ type, values }) => type === 'literal' && typeof values?.[0] === 'string')?.values?.[0];
  return typeof word === 'string' ? word : String(position + 1);
}

export function placements(schema: Schema, givens: Givens = {}, path = '', outer: Mark = 'public'): Placement[] {
  const mark = markOf(schema) ?? outer;
  const { type, shape, element, innerType, options, items, valueType, keyType, getter, in: input } = definitionOf(schema);
  const base = (): unknown => example(schema, givens);
  switch (type) {
    case 'object': return Object.entries(shape ?? {}).flatMap(([name, field]) => placements(field, inside(givens, name), path === '' ? name : `${path}.${name}`, mark)
      .map((placement) => within(placement, (inner) => ({ ...(base() as object), [name]: inner }))));
    case 'array': return element ? placements(element, {}, `${path}[]`, mark).map((placement) => within(placement, (inner) => [inner, ...(base() as unknown[]).slice(1)])) : [];
    case 'optional': case 'nullable': case 'default': case 'prefault': case 'readonly': case 'nonoptional': case 'catch': return innerType ? placements(innerType, givens, path, mark) : [];
    case 'pipe': return input ? placements(input, givens, path, mark) : [];
    case 'lazy': return getter ? placements(getter(), givens, path, mark) : [];
    case 'union': return (options ?? []).flatMap((option, i) => placements(option, givens, (options?.length ?? 0) > 1 ? `${path}(${branchName(option, i)})` : path, mark));
    case 'tuple': return (items ?? []).flatMap((item, i) => placements(item, {}, `${path}[${i}]`, mark)
      .map((placement) => within(placement, (inner) => (base() as unknown[]).map((each, at) => (at === i ? inner : each)))));
    case 'record': return valueType && keyType ? inRecord(keyType, valueType, path, mark) : [];
    case 'unknown': case 'any': return [{ path, mark, valid: (canary) => ({ audit: canary }), invalid: (canary) => canary }];
    case 'string': return [inString(schema, path, mark)];
    default: return [{ path, mark, valid: undefined, invalid: (canary) => canary }];
  }
}

function inString(schema: Schema, path: string, mark: Mark): Placement {
  const valid = disguises.find((disguise) => accepts(schema, disguise(probe)));
  return { path, mark, valid, invalid: (canary) => ({ audit: canary }) };
}

/** The names of a record are the caller's own words, like its values. */
function inRecord(keyType: Schema, valueType: Schema, path: string, mark: Mark): Placement[] {
  const key = String(example(keyType));
  const named: Placement = { path: `${path}{name}`, mark, valid: accepts(keyType, probe) ? (canary) => ({ [canary]: example(valueType) }) : undefined, invalid: (canary) => ({ [`${canary} `]: [canary] }) };
  return [named, ...placements(valueType, {}, `${path}{}`, mark).map((placement) => within(placement, (inner) => ({ [key]: inner })))];
}
