/** What a chat may call, and its calls, in the form of OpenAI's fine-tuning rows. */
import type { RowReason } from '#contract/http/file-rows.ts';
import { isRow } from './parse-row.ts';
import type { Row } from './parse-row.ts';

export const knowsAll = (object: Row, known: ReadonlySet<string>): boolean => {
  for (const key in object) if (!known.has(key)) return false;
  return true;
};
export const isName = (value: unknown): boolean => typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value);

const toolKeys = new Set(['type', 'function']);
const functionKeys = new Set(['name', 'description', 'parameters', 'strict']);
const callKeys = new Set(['id', 'type', 'function', 'index']);
const calledKeys = new Set(['name', 'arguments']);

/** `tools`, `functions` and `parallel_tool_calls`, wherever they stand. */
export function checkTools({ tools, functions, parallel_tool_calls: parallel }: Row): RowReason | undefined {
  if (parallel !== undefined && typeof parallel !== 'boolean') return 'tools_invalid';
  return each(tools, (tool) => {
    if (tool['type'] !== 'function') return 'tools_invalid';
    return knowsAll(tool, toolKeys) ? checkFunction(tool['function']) : 'unknown_key';
  }, 'tools_invalid') ?? each(functions, checkFunction, 'tools_invalid');
}

function checkFunction(value: unknown): RowReason | undefined {
  if (!isRow(value)) return 'tools_invalid';
  const { description, parameters, strict } = value;
  if (!isName(value['name'])) return 'name_invalid';
  if (description !== undefined && typeof description !== 'string') return 'tools_invalid';
  if (parameters !== undefined && !isRow(parameters)) return 'tools_invalid';
  if (strict !== undefined && strict !== null && typeof strict !== 'boolean') return 'tools_invalid';
  return knowsAll(value, functionKeys) ? undefined : 'unknown_key';
}

/** Adds the ids of the calls to `ids`. */
export function checkToolCalls(calls: unknown, ids: Set<string>): RowReason | undefined {
  if (Array.isArray(calls) && calls.length === 0) return 'tool_calls_invalid';
  return each(calls, ({ id, type, function: called, ...rest }) => {
    if (typeof id !== 'string' || id === '' || type !== 'function') return 'tool_calls_invalid';
    ids.add(id);
    return knowsAll(rest, callKeys) ? checkCalled(called) : 'unknown_key';
  }, 'tool_calls_invalid');
}

export function checkCalled(called: unknown): RowReason | undefined {
  if (!isRow(called) || typeof called['arguments'] !== 'string') return 'tool_calls_invalid';
  if (!isName(called['name'])) return 'name_invalid';
  return knowsAll(called, calledKeys) ? undefined : 'unknown_key';
}

/** The first reason against an element of a list that may be left out. */
function each(list: unknown, check: (element: Row) => RowReason | undefined, otherwise: RowReason): RowReason | undefined {
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) return otherwise;
  for (const element of list) {
    const reason = isRow(element) ? check(element) : otherwise;
    if (reason) return reason;
  }
  return undefined;
}
