/** Tool calls in the form that Qwen, Hermes and their like were trained on: descriptions in the system text, calls as JSON between tags. */
import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { ChatCompletionRequest, Tool, ToolCall } from '#contract/http/chat-completions.ts';
import { compileRules } from './json-schema-grammar.ts';
import { Refusal } from './refusal.ts';

export const openTag = '<tool_call>';
export const closeTag = '</tool_call>';
type ToolDescription = z.output<typeof Tool>;

export function describeTools(tools: readonly ToolDescription[]): string {
  return `# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function signatures within <tools></tools> XML tags:\n<tools>\n${
    tools.map((tool) => JSON.stringify(tool)).join('\n')
  }\n</tools>\n\nFor each function call, return a json object with function name and arguments within ${openTag}${closeTag} XML tags:\n${openTag}\n{"name": <function-name>, "arguments": <args-json-object>}\n${closeTag}`;
}

export function toolCallText(call: z.output<typeof ToolCall>): string {
  return `${openTag}\n{"name": ${JSON.stringify(call.function.name)}, "arguments": ${call.function.arguments === '' ? '{}' : call.function.arguments}}\n${closeTag}`;
}
export const toolResultText = (result: string): string => `<tool_response>\n${result}\n</tool_response>`;

/** The grammar of a forced call, or null where the model is free to answer in words. */
export function toolGrammar({ tools, tool_choice: choice }: ChatCompletionRequest): string | null {
  if (!tools || tools.length === 0 || choice === undefined || choice === null || choice === 'auto' || choice === 'none') return null;
  const named = typeof choice === 'object' ? tools.filter((tool) => tool.function.name === choice.function.name) : tools;
  if (named.length === 0) throw new Refusal('invalid_request', 'tool_choice');
  const rules: string[] = [];
  const calls = named.map((tool, i) => {
    const { root, rules: of } = compileRules(tool.function.parameters ?? { type: 'object', properties: {}, additionalProperties: false }, `t${i}-`, 'tools');
    rules.push(...of);
    return `${JSON.stringify(`{"name": ${JSON.stringify(tool.function.name)}, "arguments": `)} ${root} "}"`;
  });
  return [`root ::= "${openTag}\\n" (${calls.join(' | ')}) "\\n${closeTag}"`, ...rules].join('\n');
}

/** A call from the text between the tags, or undefined where the model wrote something else there. */
export function parseCall(text: string): z.output<typeof ToolCall> | undefined {
  try {
    const value = JSON.parse(text) as { name?: unknown; arguments?: unknown };
    if (typeof value.name !== 'string') return undefined;
    return { id: `call_${randomBytes(12).toString('base64url')}`, type: 'function', function: { name: value.name, arguments: JSON.stringify(value.arguments ?? {}) } };
  } catch { return undefined; }
}
