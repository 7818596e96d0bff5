/** The messages of a row. */
import type { RowReason } from '#contract/http/file-rows.ts';
import { isRow } from './parse-row.ts';
import type { Row } from './parse-row.ts';
import { checkCalled, checkToolCalls, isName, knowsAll } from './tools.ts';

const plain = new Set(['role', 'content', 'name']);
const keys = {
  system: plain, developer: plain, user: plain, function: plain,
  tool: new Set([...plain, 'tool_call_id']),
  assistant: new Set([...plain, 'weight', 'refusal', 'tool_calls', 'function_call']),
} as const;
type Role = keyof typeof keys;

/** What the messages are: a whole chat, which is learnt from; what was said before a preference; one of its outputs. */
export type Part = 'chat' | 'input' | 'output';

export function checkMessages(messages: unknown, part: Part): RowReason | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return 'messages_invalid';
  const calls = new Set<string>();
  let last: Role | undefined;
  let assistants = 0;
  let learnt = 0;
  for (const message of messages) {
    if (!isRow(message)) return 'messages_invalid';
    const role = roleOf(message, part);
    if (role === undefined) return 'role_invalid';
    const reason = checkMessage(message, role, calls);
    if (reason) return reason;
    last = role;
    if (role !== 'assistant') continue;
    assistants++;
    if (message['weight'] !== 0) learnt++;
  }
  if (part === 'input') return undefined;
  if (assistants === 0) return 'no_assistant';
  if (last !== 'assistant') return 'last_not_assistant';
  return learnt === 0 ? 'nothing_to_learn' : undefined;
}

function roleOf({ role }: Row, part: Part): Role | undefined {
  if (typeof role !== 'string' || !Object.hasOwn(keys, role)) return undefined;
  return part === 'output' && role !== 'assistant' && role !== 'tool' ? undefined : role as Role;
}

function checkMessage(message: Row, role: Role, calls: Set<string>): RowReason | undefined {
  const { name, weight } = message;
  if (weight !== undefined && (role !== 'assistant' || (weight !== 0 && weight !== 1))) return 'weight_invalid';
  if (!knowsAll(message, keys[role])) return 'unknown_key';
  if (name === undefined ? role === 'function' : !isName(name)) return 'name_invalid';
  if (role === 'assistant') return checkAssistant(message, calls);
  if (role === 'tool' && (typeof message['tool_call_id'] !== 'string' || !calls.has(message['tool_call_id']))) return 'tool_call_unknown';
  return checkContent(message['content'], false);
}

function checkAssistant({ content, refusal, tool_calls: toolCalls, function_call: called }: Row, calls: Set<string>): RowReason | undefined {
  if (refusal !== undefined && refusal !== null && typeof refusal !== 'string') return 'content_invalid';
  const reason = checkToolCalls(toolCalls, calls) ?? (called === undefined ? undefined : checkCalled(called));
  if (reason) return reason;
  const silent = content === undefined || content === null;
  if (silent) return toolCalls === undefined && called === undefined && typeof refusal !== 'string' ? 'content_invalid' : undefined;
  return checkContent(content, true);
}

const textKeys = new Set(['type', 'text']);
const refusalKeys = new Set(['type', 'refusal']);

function checkContent(content: unknown, mayRefuse: boolean): RowReason | undefined {
  if (typeof content === 'string') return undefined;
  if (!Array.isArray(content) || content.length === 0) return 'content_invalid';
  for (const part of content) {
    if (!isRow(part)) return 'content_invalid';
    const text = part['type'] === 'text' && typeof part['text'] === 'string';
    const refusal = mayRefuse && part['type'] === 'refusal' && typeof part['refusal'] === 'string';
    if (!text && !refusal) return 'content_invalid';
    if (!knowsAll(part, text ? textKeys : refusalKeys)) return 'unknown_key';
  }
  return undefined;
}
