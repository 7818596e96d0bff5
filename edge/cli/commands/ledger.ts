import { writeFileSync } from 'node:fs';
import { canonicalJson } from '#contract/canonical-json.ts';
import { operations } from '#contract/operations.ts';
import type { Command, Context } from '../command.ts';
import { count, dim, line, mark, printable, table } from '../terminal.ts';

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
const list: Command = {
  summary: 'List entries of the ledger, newest first, with the facts that they keep sealed',
  options: {
    kind: { type: 'string', help: 'of one kind, such as token.created' }, object: { type: 'string', help: 'about one object, by its id' }, actor: { type: 'string', help: 'by one account or credential, by its id' },
    before: { type: 'string', help: 'older than the entry with this index' }, limit: { type: 'string', help: 'at most so many, 500 at the most (100)' }, all: { type: 'boolean', help: 'of every project and of none, for administrators of the installation' },
  },
  examples: ['modelkeep ledger list', 'modelkeep ledger list --kind deployment.created --limit 10', 'modelkeep ledger list --all --before 5000'],
  run: async (context) => {
    const result = await context.client.call(operations.listLedgerEntries, { query: {
      kind: context.text('kind'), object: context.text('object'), actor: context.text('actor'), before: context.number('before'), limit: context.number('limit'), scope: context.flag('all') ? 'installation' : 'project',
    } });
    context.print(result, () => {
      line(table(['INDEX', 'AT', 'KIND', 'OBJECT', 'BY', 'FACTS'], result.data.map(({ index, at, kind, object, actor, facts, opening }) => [
        String(index), at, kind, object, printable(actor.name ?? actor.id), printable(Object.entries({ ...facts, ...opening.facts }).map(([name, value]) => `${name}=${String(value)}`).join(' ').slice(0, 120)),
      ])));
      line(dim(`\n${count(result.data.length)} of ${count(result.total)}; the newest checkpoint covers ${count(result.published)} of ${count(result.size)} entries.${result.next === null ? '' : ` Older ones: --before ${result.next}`}`));
    });
  },
};
export const ledger: Record<string, Command> = { list, export: exportBundle, deletion };
