/** Rows to learn from: chats, completions or preferences, and one of them in a file. */
import type { RowReason } from '#contract/http/file-rows.ts';
import { checkMessages } from './messages.ts';
import { isRow } from './parse-row.ts';
import type { Row } from './parse-row.ts';
import { checkTools, knowsAll } from './tools.ts';

export const rowKinds = ['chat', 'completion', 'preference'] as const;
export type RowKind = (typeof rowKinds)[number];

const tools = ['tools', 'functions', 'parallel_tool_calls'];
const chatKeys = new Set(['messages', ...tools]);
const completionKeys = new Set(['prompt', 'completion']);
const preferenceKeys = new Set(['input', 'preferred_output', 'non_preferred_output']);

export class FineTuneRows {
  #kind: RowKind | undefined;

  check(row: Row): RowReason | undefined {
    const kind = kindOf(row);
    if (kind === undefined) return 'kind_unknown';
    if (kind !== (this.#kind ??= kind)) return 'kinds_mixed';
    return checks[kind](row);
  }
}

/** By the key that no other kind has. */
function kindOf(row: Row): RowKind | undefined {
  if ('messages' in row) return 'chat';
  if ('prompt' in row || 'completion' in row) return 'completion';
  return 'preferred_output' in row || 'non_preferred_output' in row ? 'preference' : undefined;
}

const checks: Record<RowKind, (row: Row) => RowReason | undefined> = {
  chat: (row) => (knowsAll(row, chatKeys) ? checkMessages(row['messages'], 'chat') ?? checkTools(row) : 'unknown_key'),
  completion: (row) => {
    if (!knowsAll(row, completionKeys)) return 'unknown_key';
    if (typeof row['prompt'] !== 'string' || typeof row['completion'] !== 'string') return 'completion_invalid';
    return row['completion'] === '' ? 'nothing_to_learn' : undefined;
  },
  preference: ({ input, preferred_output: preferred, non_preferred_output: other, ...rest }) => {
    if (!knowsAll(rest, preferenceKeys)) return 'unknown_key';
    if (!isRow(input) || preferred === undefined || other === undefined) return 'preference_invalid';
    if (!knowsAll(input, chatKeys)) return 'unknown_key';
    return checkMessages(input['messages'], 'input') ?? checkTools(input) ?? checkMessages(preferred, 'output') ?? checkMessages(other, 'output');
  },
};
