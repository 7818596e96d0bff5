/**
 * Field marks. Every field of every operation carries exactly one mark, or lies inside a marked field.
 *
 * - `public`: may be logged, stored and shown to anyone who may call the operation.
 * - `content`: what a person said to a model, what it said back, or anything computed from either. Memory of `sees-content/` only.
 * - `personal`: identifies a person or a customer. Stored, shown to its owner, never in a log.
 * - `secret`: a credential. Shown once, stored only as a keyed hash.
 */
import { z } from 'zod';

export type Mark = 'public' | 'content' | 'personal' | 'secret';

/** Where the marks live: outside the schemas' own metadata, so that no library call can drop them silently. */
const registry = z.registry<{ mark: Mark }>();

function marked<T extends z.ZodType>(schema: T, mark: Mark): T {
  const copy = schema.clone();
  (registry as unknown as { add(schema: z.ZodType, meta: { mark: Mark }): void }).add(copy, { mark });
  return copy;
}

export const pub = <T extends z.ZodType>(schema: T): T => marked(schema, 'public');
export const content = <T extends z.ZodType>(schema: T): T => marked(schema, 'content');
export const personal = <T extends z.ZodType>(schema: T): T => marked(schema, 'personal');
export const secret = <T extends z.ZodType>(schema: T): T => marked(schema, 'secret');

/** The mark set on exactly this schema, or undefined. */
export function markOf(schema: z.core.$ZodType): Mark | undefined {
  return (registry as unknown as { get(schema: z.core.$ZodType): { mark: Mark } | undefined }).get(schema)?.mark;
}

/** A leaf of a schema: its dotted path (`messages[].content`) and its mark, if it has one. */
export interface Field { path: string; mark: Mark | undefined }

/** Every leaf of a schema with the mark that governs it: its own, or the nearest marked field around it. */
export function fieldsOf(schema: z.core.$ZodType, path = '', outer?: Mark): Field[] {
  const mark = markOf(schema) ?? outer;
  const def = schema._zod.def as unknown as { type: string } & Record<string, unknown>;
  const inner = (key: string, at: string): Field[] => fieldsOf(def[key] as z.core.$ZodType, at, mark);
  switch (def.type) {
    case 'object':
      return Object.entries(def['shape'] as Record<string, z.core.$ZodType>)
        .flatMap(([name, field]) => fieldsOf(field, path ? `${path}.${name}` : name, mark));
    case 'array': return inner('element', `${path}[]`);
    case 'optional': case 'nullable': case 'default': case 'prefault': case 'readonly': case 'nonoptional': case 'catch':
      return inner('innerType', path);
    case 'pipe': return inner('in', path);
    case 'lazy': return mark ? [{ path, mark }] : fieldsOf((def['getter'] as () => z.core.$ZodType)(), path, mark);
    case 'union': return (def['options'] as z.core.$ZodType[]).flatMap((option) => fieldsOf(option, path, mark));
    case 'record': return mark ? [{ path: `${path}{}`, mark }] : inner('valueType', `${path}{}`);
    case 'tuple': return (def['items'] as z.core.$ZodType[]).flatMap((item, i) => fieldsOf(item, `${path}[${i}]`, mark));
    case 'null': case 'undefined': case 'void': case 'never': return [];
    default: return [{ path, mark }];
  }
}
