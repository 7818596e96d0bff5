/** Fetches a file from whatever kind of source it has. */
import type { Source } from '#contract/http/models.ts';
import type { Fetched, Fetching } from './fetching.ts';
import { fetchFile } from './sources/file.ts';
import { fetchHttps } from './sources/https.ts';
import { fetchHuggingFace } from './sources/huggingface.ts';
import { fetchPypi } from './sources/pypi.ts';

export interface SourceSettings { hfEndpoint: string; hfTokenFile: string | undefined; pipEnvironment: NodeJS.ProcessEnv }

export async function fetchSource(source: Source, settings: SourceSettings, fetching: Fetching): Promise<Fetched> {
  switch (source.type) {
    case 'huggingface': return await fetchHuggingFace(source, { endpoint: settings.hfEndpoint, tokenFile: settings.hfTokenFile }, fetching);
    case 'pypi': return await fetchPypi(source, settings.pipEnvironment, fetching);
    case 'https': return await fetchHttps(source, fetching);
    case 'file': return await fetchFile(source, fetching);
  }
}
