/** Requests to be made later, each under an id of its own, all to one operation. */
import { hash } from 'node:crypto';
import { mostBatchRows } from '#contract/http/file-rows.ts';
import type { RowReason } from '#contract/http/file-rows.ts';
import { isRow } from './parse-row.ts';
import type { Row } from './parse-row.ts';
import { knowsAll } from './tools.ts';

const known = new Set(['custom_id', 'method', 'url', 'body']);
const urls = new Set(['/v1/chat/completions', '/v1/completions', '/v1/embeddings']);
const longestId = 512;

export class BatchRows {
  /** 64 bits of each id's digest, for as many rows as are allowed: two ids of one file collide once in billions of files. */
  readonly #ids = new Set<bigint>();
  #url: unknown;

  check(row: Row): RowReason | undefined {
    const { custom_id: id, method, url, body } = row;
    if (!knowsAll(row, known)) return 'unknown_key';
    if (typeof id !== 'string' || id === '' || id.length > longestId) return 'custom_id_invalid';
    if (method !== 'POST') return 'method_invalid';
    if (typeof url !== 'string' || !urls.has(url)) return 'url_invalid';
    if (url !== (this.#url ??= url)) return 'url_mixed';
    if (!isRow(body)) return 'body_invalid';
    const digest = hash('sha256', id, 'buffer').readBigUInt64LE();
    if (this.#ids.has(digest)) return 'custom_id_twice';
    if (this.#ids.size === mostBatchRows) return 'too_many_rows';
    this.#ids.add(digest);
    return undefined;
  }
}
