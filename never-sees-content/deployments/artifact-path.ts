/** Where the file that an engine loads lies: by its digest, in the data folder. */
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';

export const artifactPath = (dataFolder: string, artifactDigest: string): string =>
  join(dataFolder, dataLayout.models, 'sha256', artifactDigest.slice('sha256:'.length));
