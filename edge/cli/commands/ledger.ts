import { writeFileSync } from 'node:fs';
import { canonicalJson } from '#contract/canonical-json.ts';
import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { count, dim, line, mark } from '../terminal.ts';

const exportBundle: Command = {
  summary: 'Export the project\'s entries of the ledger with their openings and proofs', options: { output: { type: 'string', short: 'o', help: 'file to write; the terminal unless given' } },
  examples: ['modelkeep ledger export -o bundle.json', 'npx modelkeep-verify bundle bundle.json'],
  run: async (context) => {
    const bundle = await context.client.call(operations.exportBundle);
    const output = context.text('output');
    if (output === undefined) { line(canonicalJson(bundle)); return; }
    writeFileSync(output, `${canonicalJson(bundle)}\n`, { mode: 0o600 });
    context.print({ file: output, entries: bundle.entries.length }, () => {
      line(`${mark(true)} ${output}: ${count(bundle.entries.length)} entries. It shows names: give it to whom you trust with them.`);
      line(dim(`Check it: npx modelkeep-verify bundle ${output}`));
    });
  },
};
export const ledger: Record<string, Command> = { export: exportBundle };
