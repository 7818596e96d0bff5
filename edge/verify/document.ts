/** Documents in RFC 8785 JSON: one spelling for one value, so that no byte of a file is without meaning. */
import { VerificationFailure } from './failure.ts';
import { utf8 } from './note.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Members = Record<string, Json>;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.keys(value).sort(order).map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(',')}}`;
  return JSON.stringify(value);
}

function parse(bytes: Uint8Array): { text: string; value: Json } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, value: JSON.parse(text) as Json };
  } catch { throw new VerificationFailure('json_malformed'); }
}

/** @throws VerificationFailure json_malformed, json_not_canonical */
export function parseDocument(bytes: Uint8Array): Members {
  const { text, value } = parse(bytes);
  if (canonical(value) !== text.replace(/\n$/, '')) throw new VerificationFailure('json_not_canonical');
  return members(value);
}

/** A document that came within another one, and was written as its reader's library spells: in any order, with any blanks. A key that stands there twice would vanish from the value, and is found by that. @throws VerificationFailure json_malformed, json_not_canonical */
export function parseSpelledAnew(bytes: Uint8Array): Members {
  const { text, value } = parse(bytes);
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (token) => (token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : ''));
  if (plain !== JSON.stringify(value)) throw new VerificationFailure('json_not_canonical');
  return members(value);
}

const malformed = (): VerificationFailure => new VerificationFailure('document_malformed');

/** The members of an object; with `names`, exactly those. @throws VerificationFailure document_malformed */
export function members(value: Json | undefined, names?: string[]): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed();
  if (names && Object.keys(value).sort(order).join() !== [...names].sort(order).join()) throw malformed();
  return value;
}
export function text(value: Json | undefined): string {
  if (typeof value !== 'string') throw malformed();
  return value;
}
export function list(value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw malformed();
  return value;
}
/** A count or a place: an integer from 0. */
export function count(value: Json | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw malformed();
  return value;
}

/** A text that is itself JSON. @throws VerificationFailure document_malformed */
export function parseInner(value: string): Members {
  try { return members(JSON.parse(value) as Json); } catch { throw malformed(); }
}

export const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
export const fromHex = (value: string): Uint8Array<ArrayBuffer> => Uint8Array.from(value.match(/[0-9a-f]{2}/g) ?? [], (pair) => parseInt(pair, 16));
export const canonicalBytes = (value: Json): Uint8Array<ArrayBuffer> => utf8(canonical(value));
