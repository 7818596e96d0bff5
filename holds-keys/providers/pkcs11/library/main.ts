/**
 * The program that loads a customer's PKCS#11 library, so that code that is not ours crashes or hangs here and not in key-custody. Its one argument is the
 * library's path; requests come on its standard input, answers go to descriptor 3. What the library itself prints goes nowhere.
 */
import { existsSync, writeSync } from 'node:fs';
import { Request } from '../library-protocol.ts';
import { endWithParent } from './cryptoki.ts';
import { LibraryFailure, reportOf } from './failure.ts';
import { operate } from './operations.ts';

endWithParent();
process.on('uncaughtException', () => process.exit(70));
process.umask(0o077);

const library = process.argv[2] ?? '';
function answer(line: string): object {
  try {
    if (!existsSync(library)) throw new LibraryFailure('unreachable', 'library_not_found');
    const { operation, body } = Request.parse(JSON.parse(line));
    return { done: operate(library, operation, body) };
  } catch (error) { return reportOf(error); }
}

let unfinished = '';
process.stdin.setEncoding('utf8').on('data', (text: string) => {
  const lines = (unfinished + text).split('\n');
  unfinished = lines.pop() ?? '';
  for (const line of lines) writeSync(3, `${JSON.stringify(answer(line))}\n`);
}).on('end', () => process.exit(0)).on('error', () => process.exit(0));
