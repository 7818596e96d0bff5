/** A line to an object: JSON in the strict sense, in which no key comes twice and nothing is nested without end. */
import { deepestRow } from '#contract/http/file-rows.ts';
import type { RowReason } from '#contract/http/file-rows.ts';

export type Row = Record<string, unknown>;

export const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

export function parseRow(line: string): Row | RowReason {
  const colons = countColons(line);
  if (colons === -1) return 'too_deep';
  let value: unknown;
  try { value = JSON.parse(line); } catch { return 'not_json'; }
  if (!isRow(value)) return 'not_an_object';
  const keys = countKeys(value);
  if (Number.isNaN(keys)) return 'key_forbidden';
  // The parser keeps the last of two equal keys, so that there are fewer keys than there were colons.
  return keys === colons ? value : 'key_twice';
}

/** Colons outside of strings; -1 where brackets are nested too deep. The line need not be JSON. */
function countColons(line: string): number {
  let colons = 0;
  let depth = 0;
  for (let i = 0; i < line.length; i++) {
    switch (line.charCodeAt(i)) {
      case 0x22: i = endOfString(line, i); break;
      case 0x3a: colons++; break;
      case 0x7b: case 0x5b: if (++depth > deepestRow) return -1; break;
      case 0x7d: case 0x5d: depth--; break;
    }
  }
  return colons;
}

/** Where the string that begins at `start` ends: searched for, not walked to, since most of a row is in its strings. */
function endOfString(line: string, start: number): number {
  for (let end = line.indexOf('"', start + 1); end !== -1; end = line.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (line.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return line.length;
}

/** Of all objects in a value; not a number where one of them would change what objects are. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) { for (const each of value) keys += countKeys(each); return keys; }
  for (const key in value) keys += key === '__proto__' ? NaN : 1 + countKeys((value as Row)[key]);
  return keys;
}
