import { promises as all } from '#contract/promises.ts';
import type { ProductPromise } from '#contract/promises.ts';
import type { Command } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bold, dim, line, table } from '../terminal.ts';

const words = { kept: 'kept', partly: 'partly', not_yet: 'not yet' } as const;

function describe({ id, title, state, promise, enforcedBy, provedBy, notCovered }: ProductPromise): void {
  line(`${bold(`${id} ${title}`)}  ${words[state]}\n${promise}\n`);
  for (const { room, how } of enforcedBy) line(`${dim('kept by')} ${room}: ${how}`);
  for (const { command, shows } of provedBy) line(`${dim('prove it')} ${command}${dim(`\n  ${shows}`)}`);
  for (const each of notCovered) line(`${dim('not covered')} ${each}`);
}

export const promises: Command = {
  summary: 'Show what is promised about data, how far it is kept, and how to prove it', args: ['[PROMISE]'], examples: ['modelkeep promises', 'modelkeep promises P2', 'modelkeep promises --json'],
  run: (context) => {
    const [id] = context.args;
    const found = id === undefined ? undefined : all.find((each) => each.id === id.toUpperCase());
    if (id !== undefined && !found) throw new CliError('not_found', 'Promises are P1 to P20.', exitCodes.usage);
    if (found) context.print(found, () => describe(found));
    else context.print({ data: all }, () => { line(table(['PROMISE', 'STATE', ''], all.map(({ id: name, title, state }) => [name, words[state], title]))); line(dim('\nOne of them whole: modelkeep promises P2')); });
    return Promise.resolve();
  },
};
