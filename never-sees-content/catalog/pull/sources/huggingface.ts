/** A file of a repository on a Hugging Face endpoint (protocol of `huggingface_hub`: the `resolve` route). */
import { readFileSync } from 'node:fs';
import type { Source } from '#contract/http/models.ts';
import type { Fetched, Fetching } from '../fetching.ts';
import { PullFailure } from '../pull-failure.ts';
import { httpDownload } from './http-download.ts';

export interface HuggingFaceSettings { endpoint: string; tokenFile: string | undefined }

function authorization(tokenFile: string | undefined): Record<string, string> {
  if (tokenFile === undefined) return {};
  try { return { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` }; } catch (error) { throw new PullFailure('source_refused', error); }
}

export async function fetchHuggingFace(source: Extract<Source, { type: 'huggingface' }>, settings: HuggingFaceSettings, fetching: Fetching): Promise<Fetched> {
  const path = [source.repository, 'resolve', encodeURIComponent(source.revision), ...source.path.split('/').map(encodeURIComponent)].join('/');
  let sha256: string | undefined;
  await httpDownload({
    url: new URL(`${settings.endpoint.replace(/\/+$/, '')}/${path}`), headers: authorization(settings.tokenFile),
    // For a large file the hub names its SHA-256 as the entity tag of what it links to.
    onSourceHeaders: (headers) => { sha256 = /^"?([0-9a-f]{64})"?$/.exec(String(headers['x-linked-etag'] ?? ''))?.[1]; },
  }, fetching);
  return sha256 === undefined ? {} : { sha256 };
}
