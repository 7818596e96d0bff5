import { writeFileSync } from 'node:fs';
import { canonicalJson } from '#contract/canonical-json.ts';
import { operations } from '#contract/operations.ts';
import type { Command, Context } from '../command.ts';
import { count, dim, line, mark } from '../terminal.ts';

/** Writes a document as RFC 8785 JSON, to the file that --output names or to the terminal. */
function keep(context: Context, document: unknown, told: (output: string) => void): void {
  const output = context.text('output');
  if (output === undefined) { line(canonicalJson(document)); return; }
  writeFileSync(output, `${canonicalJson(document)}\n`, { mode: 0o600 });
  context.print({ file: output }, () => told(output));
}

const exportBundle: Command = {
  summary: 'Export the project\'s entries of the ledger with their openings and proofs', options: { output: { type: 'string', short: 'o', help: 'file to write; the terminal unless given' } },
  examples: ['modelkeep ledger export -o bundle.json', 'npx modelkeep-verify bundle bundle.json'],
  run: async (context) => {
    const bundle = await context.client.call(operations.exportBundle);
    keep(context, bundle, (output) => {
      line(`${mark(true)} ${output}: ${count(bundle.entries.length)} entries. It shows names: give it to whom you trust with them.`);
      line(dim(`Check it: npx modelkeep-verify bundle ${output}`));
    });
  },
};
const deletion: Command = {
  summary: 'Get the certificate of a deletion, by the id of what was deleted', args: ['ID'], options: { output: { type: 'string', short: 'o', help: 'file to write; the terminal unless given' } },
  examples: ['modelkeep ledger deletion dep_… -o deletion.json', 'npx modelkeep-verify deletion deletion.json'],
  run: async (context) => {
    const certificate = await context.client.call(operations.showDeletion, { params: { object: context.args[0] ?? '' } });
    keep(context, certificate, (output) => line(`${mark(true)} ${output}${dim(`\nCheck it: npx modelkeep-verify deletion ${output}`)}`));
  },
};
export const ledger: Record<string, Command> = { export: exportBundle, deletion };
