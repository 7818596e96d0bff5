/** Rows checked while they arrive, beside what any check must do at least: find the lines, decode and parse them. MiB a second of one core, alternated, best of the rounds. */
import { parseArgs } from 'node:util';
import type { FilePurpose } from '#contract/http/files.ts';
import { RowCheck } from '#content/gateway/files/rows/row-check.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, mebibytes: { type: 'string', default: '64' } } });
const size = Number(values.mebibytes) * 2 ** 20;
const chunkBytes = 2 ** 16;

const words = 'the quick brown "fox" jumps over\nthe lazy dog und weiter im Text '.repeat(200);
const text = (length: number, other = ''): string => other + words.slice(0, length);
const chat = (length: number, other = ''): object => ({ messages: [{ role: 'system', content: text(60) }, { role: 'user', content: text(length / 2, other) }, { role: 'assistant', content: text(length / 2, other) }] });
const tool = { type: 'function', function: { name: 'find', description: text(80), parameters: { type: 'object', properties: { where: { type: 'string' }, most: { type: 'integer' } }, required: ['where'] } } };
const called = { id: 'call_1', type: 'function', function: { name: 'find', arguments: '{"where":"here"}' } };

const kinds: [name: string, purpose: FilePurpose | undefined, row: (i: number) => object][] = [
  ['chats of 200 characters', 'fine-tune', () => chat(200)],
  ['chats of 2,000 characters', 'fine-tune', () => chat(2000)],
  ['chats of 2,000 characters, not Latin', 'fine-tune', () => chat(2000, '漢字かな交じり文'.repeat(20))],
  ['chats with tools', 'fine-tune', () => ({ messages: [{ role: 'user', content: text(100) }, { role: 'assistant', tool_calls: [called] }, { role: 'tool', tool_call_id: 'call_1', content: text(200) }, { role: 'assistant', content: text(200) }], tools: [tool] })],
  ['completions of 200 characters', 'fine-tune', () => ({ prompt: text(100), completion: text(100) })],
  ['batch', 'batch', (i) => ({ custom_id: `row-${i}`, method: 'POST', url: '/v1/chat/completions', body: { model: 'm', ...chat(2000) } })],
  ['evals', 'evals', () => ({ item: { question: text(200), answer: text(50) } })],
  ['chats of 2,000 characters, purpose not known', undefined, () => chat(2000)],
];

const now = (): number => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
function speed(chunks: readonly Buffer[], act: (chunk: Buffer) => void): number {
  const start = now();
  for (const chunk of chunks) act(chunk);
  return chunks.length * chunkBytes / 2 ** 20 / (now() - start);
}
function parseOnly(): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10)) { JSON.parse(bytes.toString('utf8', 0, end)); bytes = bytes.subarray(end + 1); }
    rest = bytes;
  };
}

const report: Record<string, { check: number; parse: number; ratio: number }> = {};
for (const [name, purpose, row] of kinds) {
  const lines: string[] = [];
  for (let bytes = 0, i = 0; bytes < size; i++) { lines.push(`${JSON.stringify(row(i))}\n`); bytes += lines.at(-1)?.length ?? 0; }
  const file = Buffer.from(lines.join(''));
  const chunks = Array.from({ length: Math.floor(file.length / chunkBytes) }, (_, i) => file.subarray(i * chunkBytes, (i + 1) * chunkBytes));
  let [check, parse] = [0, 0];
  for (let round = 0; round < Number(values.rounds); round++) {
    const rows = new RowCheck(purpose);
    check = Math.max(check, speed(chunks, (chunk) => rows.write(chunk)));
    parse = Math.max(parse, speed(chunks, parseOnly()));
  }
  report[name] = { check: Math.round(check), parse: Math.round(parse), ratio: Math.round(check / parse * 100) / 100 };
}
process.stdout.write(`${JSON.stringify({ date: new Date().toISOString(), unit: 'MiB a second', rows: report }, null, 1)}\n`);
