/** Lines of a file, some hundred at a time. Only a line feed ends one: JSON may have every other separator inside a text. */
import { bytesOf } from './files.ts';

const together = 500;
const longest = 1 << 28;

/** @throws RangeError where a line is longer than 256 MiB, or the last one has no end */
export async function* linesOf(path: string): AsyncGenerator<string[]> {
  let rest: Buffer[] = [];
  let length = 0;
  let lines: string[] = [];
  for await (const part of bytesOf(path)) {
    let from = 0;
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, from)) {
      lines.push(Buffer.concat([...rest, part.subarray(from, at)]).toString());
      [rest, length, from] = [[], 0, at + 1];
      if (lines.length >= together) { yield lines; lines = []; }
    }
    if (from === part.length) continue;
    // The memory of the part is used again.
    rest.push(Buffer.from(part.subarray(from)));
    length += part.length - from;
    if (length > longest) throw new RangeError('line');
  }
  if (length > 0) throw new RangeError('line');
  if (lines.length > 0) yield lines;
}
