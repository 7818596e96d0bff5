/** What the documents point at is there: files, headings, commands with their options. Whoever follows a runbook at night must not find that it was renamed. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CliError } from '#edge/cli/exit-codes.ts';
import { find, helpOf } from '#edge/cli/commands.ts';
import { anchorsOf, commandLinesOf, documents, linksOf, project } from './documents.ts';

const everyLink = [...documents].flatMap(([path, text]) => linksOf(path, text));

test('every link of a document leads to a file of the project, and to a heading that it has', () => {
  const dead = everyLink.filter(({ to, anchor }) => !existsSync(join(project, to)) || (anchor !== undefined && to.endsWith('.md') && !anchorsOf(documents.get(to) ?? '').has(anchor)));
  assert.deepEqual(dead, []);
});

test('every document is found from another one', () => {
  const linked = new Set(everyLink.filter(({ from, to }) => from !== to).map(({ to }) => to));
  assert.deepEqual([...documents.keys()].filter((path) => path.startsWith('docs/') && !linked.has(path)), []);
});

/** Words that start a process, with options of their own. */
const rooms = new Set(['up', 'control', 'gateway', 'key-custody', 'help']);
const everywhere = new Set(['data', 'project', 'json', 'help']);

/** @returns what is wrong with it, or undefined */
function wrongWith(line: string): string | undefined {
  const words = line.split(/\s+/);
  if (words.some((word) => rooms.has(word.replace(/\W+$/, '')) && words.indexOf(word) <= 2)) return undefined;
  try {
    const found = find(words.map((word) => word.replace(/[,.…:]+$/, '')).filter((word) => word !== ''));
    const options = new Set([...Object.keys(found?.command.options ?? {}), ...everywhere]);
    return found && [...line.matchAll(/(?<=^|[\s[])--([a-z][a-z-]*)/g)].map(([, name = '']) => name).find((name) => !options.has(name));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    // A group is named by its own word alone.
    if (words.length === 1 || /^[^a-z]/.test(words[1] ?? '')) { try { helpOf([words[0] ?? '']); return undefined; } catch { /* there is no such word */ } }
    return error.message;
  }
}

test('every command that a document names exists, and takes the options that it is shown with', () => {
  const wrong = [...documents].flatMap(([path, text]) => commandLinesOf(text).map((line) => ({ path, line, wrong: wrongWith(line) }))).filter((each) => each.wrong !== undefined);
  assert.deepEqual(wrong, []);
});

test('what is not there is noticed', () => {
  const text = '# Title\n[a](no-such-file.md) [b](#title) [c](#other)\n`modelkeep data obliterate ID` and\n```sh\nmodelkeep --project p data upload F --no-such-option\nnpx modelkeep encryption rotate --layer both  # fine\n```\n';
  assert.deepEqual(linksOf('docs/x.md', text).map(({ to, anchor }) => [to, anchor]), [['docs/no-such-file.md', undefined], ['docs/x.md', 'title'], ['docs/x.md', 'other']]);
  assert.deepEqual([...anchorsOf(text)], ['title']);
  assert.deepEqual(commandLinesOf(text).map((line) => wrongWith(line) !== undefined), [true, false, true]);
});
