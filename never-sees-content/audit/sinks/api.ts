/** What the installation answers: every operation that reads, and the ledger that it publishes. */
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { example } from '../matrix/example.ts';
import { sentTo } from '../matrix/send.ts';
import { auditProject } from '../plant/api.ts';
import type { Sink } from './sink.ts';

const readable = (Object.values(operations) as Operation[]).filter(({ method, media }) => method === 'GET' && media === undefined);

export const apiAnswers: Sink = {
  id: 'api_answers', title: 'Answers of every operation that reads', place: 'answer', required: true,
  search: async (search, { doors, own }) => {
    const failed: string[] = [];
    for (const operation of readable) {
      const answer = await doors.local.send(sentTo(operation, operation.path, { params: own, query: operation.query ? example(operation.query) as Record<string, unknown> : {} }), { 'x-modelkeep-project': auditProject });
      search.inBytes(`answer of ${operation.id}`, answer.body);
      if (answer.status === null || answer.status >= 500) failed.push(`${operation.id} (${answer.status ?? 'no answer'})`);
    }
    return failed;
  },
};

const tileWidth = 256;
/** `x001/x234/067` for 1234067. */
function spelledIndex(index: number): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return groups.join('/');
}

/** Paths of every tile of a tree with `size` entries, at all levels, and of the entries themselves. */
function tilePaths(size: number): string[] {
  const paths: string[] = [];
  const level = (name: string, hashes: number): void => {
    for (let index = 0; index * tileWidth < hashes; index++) paths.push(`/ledger/tile/${name}/${spelledIndex(index)}${hashes - index * tileWidth < tileWidth ? `.p/${hashes - index * tileWidth}` : ''}`);
  };
  level('entries', size);
  for (let depth = 0, hashes = size; hashes > 0; depth++, hashes = Math.floor(hashes / tileWidth)) level(String(depth), hashes);
  return paths;
}

export const publishedLedger: Sink = {
  id: 'published_ledger', title: 'The published ledger: checkpoint, key, every tile and entry', place: 'ledger', required: true,
  search: async (search, { doors }) => {
    const read = async (path: string): Promise<Buffer | undefined> => {
      const answer = await doors.open.send({ method: 'GET', path, headers: {}, body: undefined, credential: 'none' }, {});
      search.inBytes(path, answer.body);
      return answer.status === 200 ? answer.body : undefined;
    };
    const checkpoint = await read('/ledger/checkpoint');
    if (!checkpoint) return ['the checkpoint does not come'];
    const failed: string[] = [];
    for (const path of ['/ledger/key', ...tilePaths(Number(checkpoint.toString().split('\n')[1]))]) if (!await read(path)) failed.push(path);
    return failed;
  },
};
