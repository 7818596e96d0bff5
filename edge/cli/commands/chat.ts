import { createInterface } from 'node:readline/promises';
import type { Message } from '#contract/http/chat-completions.ts';
import { readAnswer } from '../answer-stream.ts';
import { serverError } from '../client.ts';
import type { Client } from '../client.ts';
import type { Command, Context } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bold, dim, line, problem } from '../terminal.ts';

interface Settings { temperature: number; max_tokens: number | undefined; seed: number | undefined }

async function ask(client: Client, name: string, messages: Message[], settings: Settings, signal: AbortSignal, onText: (text: string) => void): Promise<Awaited<ReturnType<typeof readAnswer>>> {
  const body = { model: name, messages, stream: true, stream_options: { include_usage: true }, ...settings };
  const answer = await client.send('POST', '/v1/chat/completions', body, signal);
  if (answer.statusCode !== 200) throw serverError(answer.statusCode, await answer.body.text());
  return await readAnswer(answer.body, onText);
}

function measure({ usage, seconds }: Awaited<ReturnType<typeof readAnswer>>): string {
  if (!usage) return '';
  const rate = seconds > 0 ? `, ${Math.round(usage.completion_tokens / seconds)} tokens/s` : '';
  return `${usage.prompt_tokens} tokens in, ${usage.completion_tokens} out${rate}`;
}

async function once(context: Context, name: string, messages: Message[], settings: Settings): Promise<void> {
  const answer = await ask(context.client, name, messages, settings, new AbortController().signal, (text) => { if (!context.json) process.stdout.write(text); });
  if (context.json) { line(JSON.stringify({ content: answer.text, usage: answer.usage }, null, 1)); return; }
  line(answer.text.endsWith('\n') ? '' : undefined);
  if (process.stdout.isTTY) line(dim(measure(answer)));
}

const help = 'Ctrl-C stops an answer.  /system TEXT  /reset  /exit';

async function interactive(context: Context, name: string, history: Message[], settings: Settings): Promise<void> {
  line(`${bold(name)}  ${dim(help)}`);
  const system = history.length;
  const terminal = createInterface({ input: process.stdin, output: process.stdout, historySize: 100 });
  let running: AbortController | undefined;
  terminal.on('SIGINT', () => { if (running) running.abort(); else terminal.close(); });
  let closed = false;
  terminal.once('close', () => { closed = true; });
  while (!closed) {
    const text = await terminal.question(bold('› ')).catch(() => '/exit');
    if (text === '/exit' || text === '/quit') break;
    if (text === '/reset') { history.length = system; line(dim('A new conversation.')); continue; }
    if (text === '/help') { line(dim(help)); continue; }
    if (text.startsWith('/system ')) { history.splice(0, history.length, { role: 'system', content: text.slice(8) }); line(dim('A new conversation with that system text.')); continue; }
    if (text.trim() === '') continue;
    history.push({ role: 'user', content: text });
    running = new AbortController();
    let said = '';
    try {
      const answer = await ask(context.client, name, history, settings, running.signal, (piece) => { said += piece; process.stdout.write(piece); });
      line(`\n${dim(measure(answer))}`);
    } catch (error) {
      if (!running.signal.aborted) { problem(error instanceof CliError ? error.message : 'The answer broke off.'); history.pop(); continue; }
      line(dim('  (stopped)'));
    } finally { running = undefined; }
    history.push({ role: 'assistant', content: said });
  }
  terminal.close();
  line(dim('Nothing of this conversation was kept.'));
}

async function readAll(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

export const chat: Command = {
  summary: 'Talk to a deployment', args: ['NAME', '[PROMPT]'],
  options: { system: { type: 'string', help: 'system text' }, temperature: { type: 'string', help: '0 to 2 (0.2)' }, 'max-tokens': { type: 'string', help: 'longest answer, tokens' }, seed: { type: 'string', help: 'the same seed says the same again' } },
  examples: ['modelkeep chat demo', 'modelkeep chat demo "Name three primary colours."', 'git diff | modelkeep chat demo --system "Review this change."'],
  run: async (context) => {
    const [name = '', prompt] = context.args;
    const settings: Settings = { temperature: context.number('temperature') ?? 0.2, max_tokens: context.number('max-tokens'), seed: context.number('seed') };
    const system = context.text('system');
    const messages: Message[] = system === undefined ? [] : [{ role: 'system', content: system }];
    if (prompt === undefined && process.stdin.isTTY) { await interactive(context, name, messages, settings); return; }
    const text = prompt ?? await readAll();
    if (text.trim() === '') throw new CliError('usage', 'There is no prompt.', exitCodes.usage);
    await once(context, name, [...messages, { role: 'user', content: text }], settings);
  },
};
