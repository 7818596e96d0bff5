/** A conversation as tokens: the model's own template, with what people wrote as text that can never become a control token. */
import { ChatMLChatWrapper, resolveChatWrapper } from 'node-llama-cpp';
import type { ChatHistoryItem, ChatWrapper, LlamaModel, Token } from 'node-llama-cpp';
import type { ChatCompletionRequest, Message } from '#contract/http/chat-completions.ts';
import { describeTools, toolCallText, toolResultText } from './tools.ts';

export interface ChatPrompt { tokens: Token[]; stops: string[] }

export function chatWrapperOf(model: LlamaModel): ChatWrapper {
  try { return resolveChatWrapper(model, { warningLogs: false, fallbackToOtherWrappersOnJinjaError: true }); } catch { return new ChatMLChatWrapper(); }
}

const textOf = (content: Message['content']): string => (typeof content === 'string' ? content : (content ?? []).map((part) => part.text).join(''));

function historyItem(message: Message): ChatHistoryItem {
  switch (message.role) {
    case 'system': case 'developer': return { type: 'system', text: textOf(message.content) };
    case 'user': return { type: 'user', text: textOf(message.content) };
    case 'tool': return { type: 'user', text: toolResultText(textOf(message.content)) };
    case 'assistant': return { type: 'model', response: [[textOf(message.content), ...(message.tool_calls ?? []).map(toolCallText)].filter((text) => text !== '').join('\n')] };
  }
}

export function chatPrompt(model: LlamaModel, wrapper: ChatWrapper, request: ChatCompletionRequest): ChatPrompt {
  const history = request.messages.map(historyItem);
  if (request.tools && request.tools.length > 0 && request.tool_choice !== 'none') {
    const first = history[0];
    const system = first?.type === 'system' ? `${textOf(request.messages[0]?.content ?? '')}\n\n` : '';
    if (first?.type === 'system') history.shift();
    history.unshift({ type: 'system', text: system + describeTools(request.tools) });
  }
  if (history.at(-1)?.type !== 'model') history.push({ type: 'model', response: [] });
  const { contextText, stopGenerationTriggers } = wrapper.generateContextState({ chatHistory: history });
  // A trigger that is a control token ends the answer by itself; one that is text must be watched for.
  const stops = stopGenerationTriggers.flatMap((trigger) => {
    const tokens = trigger.tokenize(model.tokenizer);
    return tokens.length === 1 && tokens[0] !== undefined && (model.isEogToken(tokens[0]) || model.isSpecialToken(tokens[0])) ? [] : trigger.values.every((value) => typeof value === 'string') ? [trigger.values.join('')] : [];
  });
  return { tokens: contextText.tokenize(model.tokenizer), stops: stops.filter((stop) => stop !== '') };
}
