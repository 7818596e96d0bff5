/**
 * JSON Schema to GBNF, the grammar that the engine samples within. What it accepts, every output satisfies; a keyword that a grammar cannot hold is refused
 * rather than ignored. Supported: objects (properties, required, additionalProperties), arrays (items, minItems, maxItems), strings (enum, const, length, the formats
 * date, date-time, time and uuid), numbers, integers, booleans, null, lists of types, anyOf, oneOf, $ref to $defs or definitions, recursion included.
 */
import { Refusal } from './refusal.ts';

type Schema = Record<string, unknown> | boolean;

const annotations = new Set(['title', 'description', 'default', 'examples', '$schema', '$id', '$comment', '$defs', 'definitions', 'deprecated', 'readOnly', 'writeOnly']);
const known = new Set(['type', 'properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'enum', 'const', 'minLength', 'maxLength', 'format', 'anyOf', 'oneOf', '$ref', 'strict']);
const primitives = [
  'ws ::= [ \\t\\n]{0,2}',
  'char ::= [^"\\\\\\x00-\\x1f\\x7f] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})',
  'string ::= "\\"" char* "\\""',
  'integer ::= "-"? ("0" | [1-9] [0-9]{0,15})',
  'number ::= integer ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?',
  'boolean ::= "true" | "false"',
  'null ::= "null"',
  'value ::= object | array | string | number | boolean | null',
  'object ::= "{" ws (string ":" ws value ("," ws string ":" ws value)*)? ws "}"',
  'array ::= "[" ws (value ("," ws value)*)? ws "]"',
];
const formats: Record<string, string> = {
  date: '[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | "1" [0-9] | "2" [0-8])',
  time: '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] "Z"',
  uuid: '[0-9a-f]{8} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{12}',
};
formats['date-time'] = `${formats['date'] ?? ''} "T" ${formats['time'] ?? ''}`;
const limits = { depth: 64, rules: 2000, repeat: 4096 };

const literal = (value: unknown): string => `"${JSON.stringify(value).replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}"`;

class Compiler {
  readonly rules: string[] = [];
  readonly #references = new Map<string, string>();
  readonly #document: Schema;
  readonly #prefix: string;
  readonly #param: string;

  constructor(document: Schema, prefix: string, param: string) {
    this.#document = document;
    this.#prefix = prefix;
    this.#param = param;
  }

  refuse(): never { throw new Refusal('unsupported_parameter', this.#param); }

  #rule(body: string): string {
    if (this.rules.length >= limits.rules) this.refuse();
    const name = `${this.#prefix}r${this.rules.length}`;
    this.rules.push(`${name} ::= ${body}`);
    return name;
  }

  compile(schema: unknown, depth = 0): string {
    if (depth > limits.depth) this.refuse();
    if (schema === true) return 'value';
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) this.refuse();
    const of = schema as Record<string, unknown>;
    for (const key of Object.keys(of)) if (!known.has(key) && !annotations.has(key)) this.refuse();
    if (of['$ref'] !== undefined) return this.#reference(of['$ref'], depth);
    const any = of['anyOf'] ?? of['oneOf'];
    if (any !== undefined) {
      if (!Array.isArray(any) || any.length === 0 || Object.keys(of).some((key) => known.has(key) && key !== 'anyOf' && key !== 'oneOf')) this.refuse();
      return this.#rule((any as unknown[]).map((each) => this.compile(each, depth + 1)).join(' | '));
    }
    if (of['const'] !== undefined) return this.#rule(literal(of['const']));
    if (Array.isArray(of['enum'])) {
      if (of['enum'].length === 0) this.refuse();
      return this.#rule(of['enum'].map(literal).join(' | '));
    }
    if (Array.isArray(of['type'])) return this.#rule((of['type'] as unknown[]).map((type) => this.compile({ ...of, type }, depth + 1)).join(' | '));
    return this.#typed(of, depth);
  }

  #typed(of: Record<string, unknown>, depth: number): string {
    const type = of['type'] ?? (of['properties'] !== undefined ? 'object' : of['items'] !== undefined ? 'array' : undefined);
    switch (type) {
      case undefined: return 'value';
      case 'object': return this.#object(of, depth);
      case 'array': return this.#array(of, depth);
      case 'string': return this.#string(of);
      case 'number': case 'integer': case 'boolean': case 'null': return type as string;
      default: return this.refuse();
    }
  }

  #reference(reference: unknown, depth: number): string {
    if (typeof reference !== 'string' || !reference.startsWith('#')) return this.refuse();
    const ready = this.#references.get(reference);
    if (ready !== undefined) return ready;
    let at: unknown = this.#document;
    for (const part of reference.split('/').slice(1)) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return this.refuse();
      at = (at as Record<string, unknown>)[key];
    }
    const name = `${this.#prefix}ref${this.#references.size}`;
    this.#references.set(reference, name); // known before its body is compiled, so that it may refer to itself
    const body = this.compile(at, depth + 1);
    this.rules.push(`${name} ::= ${body}`);
    return name;
  }

  #object(of: Record<string, unknown>, depth: number): string {
    const properties = (of['properties'] ?? {}) as Record<string, unknown>;
    const required = Array.isArray(of['required']) ? of['required'] as unknown[] : [];
    const additional = of['additionalProperties'] ?? Object.keys(properties).length === 0;
    if (required.some((name) => typeof name !== 'string' || !Object.hasOwn(properties, name))) this.refuse();
    const members = Object.entries(properties).map(([name, schema]) => ({ text: `${literal(name)} ":" ws ${this.compile(schema, depth + 1)}`, required: required.includes(name) }));
    if (members.length === 0) {
      if (additional === false) return this.#rule('"{" ws "}"');
      const value = this.compile(additional, depth + 1);
      return this.#rule(`"{" ws (string ":" ws ${value} ("," ws string ":" ws ${value})*)? ws "}"`);
    }
    // Declared members only, in their order: an object is never required to have more.
    return this.#rule(`"{" ws ${this.#members(members)} ws "}"`);
  }

  /** Members in order, the optional ones present or not, with commas only between those that are there. */
  #members(members: { text: string; required: boolean }[]): string {
    // `rest[i]`: what may follow when something was written before member i; `first[i]`: when nothing was.
    let rest = '""';
    let first = '""';
    for (const member of [...members].reverse()) {
      const here = this.#rule(`${member.text} ${rest}`);
      const next = `"," ws ${here}`;
      const skipped = rest;
      const firstSkipped = first;
      rest = this.#rule(member.required ? next : `${next} | ${skipped}`);
      first = member.required ? here : this.#rule(`${here} | ${firstSkipped}`);
    }
    return first;
  }

  #bound(value: unknown, otherwise: number): number {
    if (value === undefined) return otherwise;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > limits.repeat) return this.refuse();
    return value;
  }

  #array(of: Record<string, unknown>, depth: number): string {
    const item = this.compile(of['items'] ?? true, depth + 1);
    const least = this.#bound(of['minItems'], 0);
    const most = of['maxItems'] === undefined ? undefined : this.#bound(of['maxItems'], 0);
    if (most !== undefined && most < least) this.refuse();
    if (most === 0) return this.#rule('"[" ws "]"');
    const more = `("," ws ${item}){${Math.max(0, least - 1)},${most === undefined ? '' : most - 1}}`;
    return this.#rule(least === 0 ? `"[" ws (${item} ${more})? ws "]"` : `"[" ws ${item} ${more} ws "]"`);
  }

  #string(of: Record<string, unknown>): string {
    if (of['format'] !== undefined) {
      const format = typeof of['format'] === 'string' ? formats[of['format']] : undefined;
      if (format === undefined || of['minLength'] !== undefined || of['maxLength'] !== undefined) return this.refuse();
      return this.#rule(`"\\"" ${format} "\\""`);
    }
    if (of['minLength'] === undefined && of['maxLength'] === undefined) return 'string';
    const least = this.#bound(of['minLength'], 0);
    const most = of['maxLength'] === undefined ? '' : String(this.#bound(of['maxLength'], 0));
    if (most !== '' && Number(most) < least) this.refuse();
    return this.#rule(`"\\"" char{${least},${most}} "\\""`);
  }
}

/** The rules of a schema and the name of the one that stands for it, to be part of a larger grammar. `param`: the field that a refusal names. */
export function compileRules(schema: Schema, prefix: string, param: string): { root: string; rules: string[] } {
  const compiler = new Compiler(schema, prefix, param);
  const root = compiler.compile(schema);
  return { root, rules: [...compiler.rules, ...(prefix === '' || prefix === 't0-' ? primitives : [])] };
}

/** A whole grammar. @throws Refusal unsupported_parameter */
export function jsonSchemaGrammar(schema: Schema): string {
  const { root, rules } = compileRules(schema, '', 'response_format');
  return [`root ::= ${root}`, ...rules].join('\n');
}
/** Any JSON object. */
export const jsonObjectGrammar = ['root ::= object', ...primitives].join('\n');
