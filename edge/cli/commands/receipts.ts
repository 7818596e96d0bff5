import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '#contract/canonical-json.ts';
import { operations } from '#contract/operations.ts';
import { saltLabel } from '#contract/receipt.ts';
import type { ReceiptFile } from '#contract/receipt.ts';
import type { Command } from '../command.ts';
import { dim, line, mark } from '../terminal.ts';

/** Longest wait for a receipt's batch to be in the ledger, in milliseconds. */
const patience = 15_000;

/** The salt is made here, from the key: it is not asked for. */
const saltOf = (key: string, requestId: string): string => createHmac('sha256', key).update(`${saltLabel}\n${requestId}`).digest('base64');

const get: Command = {
  summary: 'Get the signed receipt of a request by its x-request-id, with its proof and its opening', args: ['ID'],
  options: {
    key: { type: 'string', help: 'the key that the request was made with; none for one through the local door' },
    salt: { type: 'string', help: 'the answer\'s x-modelkeep-receipt-salt, where it had one' },
    output: { type: 'string', short: 'o', help: 'file to write; the terminal unless given' },
  },
  examples: ['modelkeep receipts get req_… --key mk-ek-… -o receipt.json', 'npx modelkeep-verify receipt receipt.json --prompt request.body --response answer.body'],
  run: async (context) => {
    const [id = ''] = context.args;
    const key = context.text('key');
    const ask = async (): Promise<ReceiptFile> => await context.client.call(operations.showReceipt, { params: { id } }, key === undefined ? {} : { authorization: `Bearer ${key}` });
    let receipt = await ask();
    for (const deadline = Date.now() + patience; receipt.ledger === null && Date.now() < deadline; receipt = await ask()) await sleep(300);
    const salt = context.text('salt') ?? (key === undefined ? undefined : saltOf(key, id));
    const text = canonicalJson({ ...receipt, opening: salt === undefined ? null : { salt } });
    const output = context.text('output');
    if (output === undefined) { line(text); return; }
    writeFileSync(output, `${text}\n`, { mode: 0o600 });
    context.print({ file: output, inLedger: receipt.ledger !== null }, () => {
      line(`${mark(true)} ${output}: ${receipt.receipt.outcome}, ${receipt.receipt.region}${receipt.ledger === null ? dim('  not in the ledger yet: get it again shortly') : ''}`);
      line(dim(`Check it: npx modelkeep-verify receipt ${output}`));
    });
  },
};
export const receipts: Record<string, Command> = { get };
