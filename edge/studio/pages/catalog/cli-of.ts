/** The same search on the command line. */
import type { Query } from './filters.ts';

/** A word as a POSIX shell takes it literally. */
const quoted = (word: string): string => (/^[\w.:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export function cliOf({ search, task, licence, publisher, deployable, pull, maxSize, sort }: Query): string {
  const options: [string, string | undefined][] = [['--search', search], ['--task', task], ['--licence', licence], ['--publisher', publisher], ['--max-size', maxSize === undefined ? undefined : String(maxSize)], ['--sort', sort]];
  const words = options.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [name, quoted(value)]));
  return ['npx modelkeep models list', ...words, ...(deployable === 'true' ? ['--deployable'] : []), ...(deployable === 'false' ? ['--external'] : []), ...(pull === undefined ? [] : pull === 'pulled' ? ['--pulled'] : ['--pull', quoted(pull)])].join(' ');
}
