import { createInterface } from 'node:readline';
import { operations } from '#contract/operations.ts';
import type { Answer } from '../answer-stream.ts';
import type { Command, Context } from '../command.ts';
import { Conversation } from '../conversation.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bold, count, dim, line, printable, problem } from '../terminal.ts';

const write = (text: string): void => { process.stdout.write(process.stdout.isTTY ? printable(text) : text); };

function measure({ usage, seconds, cut }: Answer): string {
  const counts = usage ? [`${count(usage.prompt_tokens)} tokens in, ${count(usage.completion_tokens)} out`] : [];
  if (usage && seconds > 0) counts.push(`${Math.round(usage.completion_tokens / seconds)} tokens/s`);
  return [...counts, ...(cut ? ['cut at the limit of tokens'] : [])].join(', ');
}

async function once(context: Context, conversation: Conversation, prompt: string): Promise<void> {
  const answer = await conversation.ask(prompt, (piece) => { if (!context.json) write(piece); });
  if (context.json) { line(JSON.stringify({ content: answer.text, usage: answer.usage }, null, 1)); return; }
  if (!answer.text.endsWith('\n')) line();
  if (process.stdout.isTTY) line(dim(measure(answer)));
}

const help = 'Ctrl-C stops an answer.  /system TEXT  /reset  /exit';

/** What a line beginning with a slash does; undefined where it is none of them. */
function slash(conversation: Conversation, text: string): string | undefined {
  if (text === '/help') return help;
  if (text === '/reset') { conversation.reset(); return 'A new conversation.'; }
  if (text !== '/system' && !text.startsWith('/system ')) return undefined;
  const system = text.slice(8).trim();
  conversation.instruct(system);
  return system === '' ? 'A new conversation without a system text.' : 'A new conversation with that system text.';
}

async function turn(conversation: Conversation, text: string, running: AbortController): Promise<void> {
  try {
    const answer = await conversation.ask(text, write, running.signal);
    line(`\n${dim(measure(answer))}`);
  } catch (error) {
    if (running.signal.aborted) line(dim('  (stopped)'));
    else problem(error instanceof CliError ? error.message : 'The answer broke off.');
  }
}

async function interactive(name: string, conversation: Conversation): Promise<void> {
  line(`${bold(name)}  ${dim(help)}`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout, historySize: 100, prompt: bold('› ') });
  let running: AbortController | undefined;
  terminal.on('SIGINT', () => { if (running) running.abort(); else terminal.close(); });
  terminal.prompt();
  // Lines that are pasted together wait here for their turn.
  for await (const text of terminal) {
    if (text === '/exit' || text === '/quit') break;
    const told = slash(conversation, text);
    if (told !== undefined) line(dim(told));
    else if (text.trim() !== '') {
      running = new AbortController();
      await turn(conversation, text, running);
      running = undefined;
    }
    terminal.prompt();
  }
  terminal.close();
  line(dim('\nNothing of this conversation was kept.'));
}

async function readAll(): Promise<string> {
  process.stdin.setEncoding('utf8');
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

export const chat: Command = {
  summary: 'Talk to a deployment', args: ['NAME', '[PROMPT]'],
  options: {
    system: { type: 'string', help: 'system text' }, temperature: { type: 'string', help: '0 to 2 (0.2)' },
    'max-tokens': { type: 'string', help: 'longest answer, in tokens; what the context holds unless given' }, seed: { type: 'string', help: 'the same seed says the same again' },
  },
  examples: ['modelkeep chat demo', 'modelkeep chat demo "Name three primary colours." --max-tokens 60', 'git diff | modelkeep chat demo --system "Review this change."'],
  run: async (context) => {
    const [name = '', prompt] = context.args;
    const sampling = { temperature: context.number('temperature') ?? 0.2, max_tokens: context.number('max-tokens'), seed: context.number('seed') };
    const conversation = new Conversation(context.client, name, sampling, context.text('system'));
    if (prompt === undefined && process.stdin.isTTY) {
      if (context.json) throw new CliError('usage', 'With --json, give the prompt as an argument or on standard input.', exitCodes.usage);
      // So that a wrong name is told before a question is typed.
      await context.client.call(operations.retrieveOpenAIModel, { params: { model: name } });
      await interactive(name, conversation);
      return;
    }
    const text = prompt ?? await readAll();
    if (text.trim() === '') throw new CliError('usage', 'There is no prompt.', exitCodes.usage);
    await once(context, conversation, text);
  },
};
