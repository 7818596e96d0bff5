/** A file at an HTTPS address. */
import type { Source } from '#contract/http/models.ts';
import type { Fetched, Fetching } from '../fetching.ts';
import { httpDownload } from './http-download.ts';

export async function fetchHttps(source: Extract<Source, { type: 'https' }>, fetching: Fetching): Promise<Fetched> {
  await httpDownload({ url: new URL(source.url), headers: {} }, fetching);
  return {};
}
