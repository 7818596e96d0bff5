import { failureCodes } from '#contract/error-codes.ts';
import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { bytes, duration, line, mark, table } from '../terminal.ts';

const list: Command = {
  summary: 'List pulls: those under way, then the latest that ended', args: ['[MODEL]'], examples: ['modelkeep pulls list'],
  run: async (context) => {
    const result = await context.client.call(operations.listPulls, { query: { model: context.args[0] } });
    context.print(result, () => {
      if (result.data.length === 0) { line('Nothing was pulled yet. Fetch a model: modelkeep pull MODEL'); return; }
      line(table(['ID', 'MODEL', 'STATE', 'RECEIVED', 'RATE', 'REMAINING', 'WHY'], result.data.map((pull) => [
        pull.id, pull.model, pull.state, `${bytes(pull.receivedBytes)}${pull.totalBytes === null ? '' : ` of ${bytes(pull.totalBytes)}`}`, pull.bytesPerSecond === null ? '' : `${bytes(pull.bytesPerSecond)}/s`,
        pull.remainingSeconds === null ? '' : duration(pull.remainingSeconds), pull.failure === null ? '' : failureCodes[pull.failure],
      ])));
    });
  },
};

const cancel: Command = {
  summary: 'Cancel a pull under way; what it brought so far is removed', args: ['PULL'], examples: ['modelkeep pulls cancel pul_0123456789abcdefghjkmnpqrs'],
  run: async (context) => {
    const pull = await context.client.call(operations.cancelPull, { params: { pull: context.args[0] ?? '' } });
    context.print(pull, () => line(pull.failure === 'cancelled' ? `${mark(true)} The pull of ${pull.model} is cancelled` : `The pull of ${pull.model} had ended: ${pull.state}`));
  },
};

export const pulls: Record<string, Command> = { list, cancel };
