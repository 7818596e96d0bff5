import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Command } from './command.ts';
import { parse, usageOf } from './command.ts';
import { find, helpOf } from './commands.ts';
import { CliError } from './exit-codes.ts';

const sample: Command = {
  summary: 'Try', args: ['NAME', '[MORE]'], options: { size: { type: 'string', help: 'a number' }, colour: { type: 'string', help: 'red or blue' }, fast: { type: 'boolean', help: 'at once' } },
  examples: ['modelkeep sample x --size 3'], run: () => Promise.resolve(),
};
const usageError = (error: unknown): boolean => error instanceof CliError && error.code === 'usage' && error.exitCode === 2;

describe('arguments', () => {
  test('options stand before or after the words', () => {
    const context = parse('sample', sample, ['--size', '3', 'x', '--json', '--fast']);
    assert.deepEqual([context.args, context.number('size'), context.json, context.flag('fast'), context.text('colour')], [['x'], 3, true, true, undefined]);
  });

  for (const [what, args] of Object.entries({ 'a missing word': [], 'a word too many': ['a', 'b', 'c'], 'an unknown option': ['a', '--slow'], 'an option without its value': ['a', '--size'] })) {
    test(`${what} is a usage error that shows the usage`, () => {
      assert.throws(() => parse('sample', sample, args), (error) => usageError(error) && (error as CliError).message.includes('modelkeep sample NAME [MORE]'));
    });
  }

  test('a value of the wrong kind is a usage error', () => {
    const context = parse('sample', sample, ['x', '--size', 'big', '--colour', 'green']);
    assert.throws(() => context.number('size'), usageError);
    assert.throws(() => context.choice('colour', ['red', 'blue'] as const), usageError);
    assert.throws(() => context.required('data'), usageError);
  });

  test('--help needs no other argument', () => {
    assert.equal(parse('sample', sample, ['--help']).flag('help'), true);
    assert.match(usageOf('sample', sample), /-h, --help[\s\S]*Examples:/);
    assert.match(usageOf('sample', sample), /--size VALUE {5}a number[\s\S]*Examples:\n {2}modelkeep sample x --size 3/);
  });
});

describe('words', () => {
  test('name a command, or a verb of a group; global options may stand before them', () => {
    assert.deepEqual([find(['--data', 'pull', '--json', 'status'])?.name, find(['--data', 'pull', '--json', 'status'])?.rest], ['status', ['--data', 'pull', '--json']]);
    assert.deepEqual([find(['keys', 'regenerate', 'demo', 'primary'])?.name, find(['keys', 'regenerate', 'demo', 'primary'])?.rest], ['keys regenerate', ['demo', 'primary']]);
  });

  test('that name nothing are a usage error', () => {
    for (const words of [['bogus'], ['models'], ['models', 'bogus'], ['constructor'], ['models', 'constructor']]) assert.throws(() => find(words), usageError, words.join(' '));
    assert.throws(() => helpOf(['help', 'bogus']), usageError);
  });

  test('help is there for everything, a group, a verb', () => {
    for (const words of [[], ['help'], ['--help'], ['help', 'pull'], ['models', '--help']]) assert.equal(find(words), undefined, words.join(' '));
    for (const word of ['up', 'gateway', 'chat', 'openapi', 'Exit status: 0 done']) assert.ok(helpOf([]).includes(word), word);
    assert.match(helpOf(['help', 'pull']), /^modelkeep pull MODEL/);
    assert.match(helpOf(['help', 'keys', 'list']), /^modelkeep keys list DEPLOYMENT/);
    assert.equal(helpOf(['keys', '--help']).split('\n').length, 2);
  });

  test('every command that the help names has an example, and the starter is not among them', () => {
    const names = helpOf([]).split('\n').filter((row) => row.startsWith('  ')).map((row) => row.trim().split(/\s{2,}/)[0] ?? '');
    assert.ok(names.length > 25 && !names.includes('starter'), names.join());
    for (const name of names.filter((each) => !/^(up|control)/.test(each))) {
      const found = find([...name.split(' '), '--help']);
      assert.ok(found?.command.examples?.length, name);
    }
  });
});
