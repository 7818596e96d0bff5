import { readFileSync } from 'node:fs';
import type { Command } from '../command.ts';
import { line } from '../terminal.ts';

export const version: Command = {
  summary: 'Print the version', examples: ['modelkeep version --json'],
  run: (context) => {
    const { version: text } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };
    context.print({ version: text, node: process.versions.node }, () => line(text));
    return Promise.resolve();
  },
};
