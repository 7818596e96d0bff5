/**
 * Sealing and opening in both layers beside plain AES-256-GCM of Node over the same bytes, once and twice, in frames of several sizes, alternated in one run. Per second of processor time
 * of this process, so that other work on the machine counts less.
 *
 *   npm run bench:sealing -- [--json] [--rounds N] [--mib N]
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { open } from '#content/sealing/open.ts';
import { seal } from '#content/sealing/seal.ts';
import { frameSize } from '#content/sealing/sizes.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '7' }, mib: { type: 'string', default: '256' } } });
const rounds = Number(values.rounds);
const total = Number(values.mib) * 2 ** 20;
const before = loadavg();
const identity = { owner: 'prj_0123456789abcdefghjkmnpqrs', purpose: 'training-file', object: 'fil_0123456789abcdefghjkmnpqrs' };
const keys = { customer: randomBytes(32), platform: randomBytes(32) };
/** What a file or a request comes in. */
const chunk = randomBytes(65_536);
async function* source(): AsyncGenerator<Buffer> { for (let at = 0; at < total; at += chunk.length) yield await Promise.resolve(chunk); }
async function drain(stream: AsyncIterable<Buffer>, into?: Buffer[]): Promise<void> { for await (const piece of stream) into?.push(piece); }

const nonce = (index: number): Buffer => { const bytes = Buffer.alloc(12); bytes.writeUInt32BE(index, 8); return bytes; };
const data = Buffer.alloc(45);
/** The same ciphers without a format: no header, no stream, nothing gathered. */
function encrypt(key: Buffer, plain: Buffer, index: number): [Buffer, Buffer] {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(index)).setAAD(data);
  const text = cipher.update(plain);
  cipher.final();
  return [text, cipher.getAuthTag()];
}
function decrypt(key: Buffer, [text, tag]: [Buffer, Buffer], index: number): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(index)).setAAD(data).setAuthTag(tag);
  const plain = decipher.update(text);
  decipher.final();
  return plain;
}
const frames = (size: number, one: (frame: Buffer, index: number) => unknown) => {
  const frame = randomBytes(size);
  return (): void => { for (let index = 0; index * size < total; index++) one(frame, index); };
};
const twice = (frame: Buffer, index: number): unknown => encrypt(keys.platform, encrypt(keys.customer, frame, index)[0], index);
const sealedFrames: [outer: [Buffer, Buffer], innerTag: Buffer][] = [];
const plainFrame = randomBytes(frameSize);
for (let index = 0; index * frameSize < total; index++) {
  const [text, tag] = encrypt(keys.customer, plainFrame, index);
  sealedFrames.push([encrypt(keys.platform, text, index), tag]);
}
const sealed: Buffer[] = [];
await drain(seal(source(), identity, keys), sealed);
async function* sealedSource(): AsyncGenerator<Buffer> { for (const piece of sealed) yield await Promise.resolve(piece); }

const subjects: Record<string, () => void | Promise<void>> = {
  seal: () => drain(seal(source(), identity, keys)),
  'plain, one layer': frames(frameSize, (frame, index) => encrypt(keys.customer, frame, index)),
  'plain, two layers': frames(frameSize, twice),
  open: () => drain(open(sealedSource(), identity, keys)),
  'plain, two layers opened': () => { sealedFrames.forEach(([outer, tag], index) => decrypt(keys.customer, [decrypt(keys.platform, outer, index), tag], index)); },
  ...Object.fromEntries([64, 128, 512, 1024].map((kib) => [`plain, two layers, ${kib} KiB`, frames(kib * 1024, twice)])),
};

/** Megabytes (10^6 bytes) per second of processor time. */
async function rate(subject: () => void | Promise<void>): Promise<number> {
  const from = process.cpuUsage();
  await subject();
  const { user, system } = process.cpuUsage(from);
  return total / (user + system);
}
const measured = new Map<string, number[]>(Object.keys(subjects).map((name) => [name, []]));
for (let round = -1; round < rounds; round++) {
  const names = Object.keys(subjects);
  for (const name of round % 2 ? names.toReversed() : names) {
    const subject = subjects[name];
    if (!subject) continue;
    const one = await rate(subject);
    if (round >= 0) measured.get(name)?.push(one);
  }
}
const middle = (name: string): number => measured.get(name)?.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN;
const ratio = (one: string, other: string): number => Math.round((100 * middle(one)) / middle(other)) / 100;
const report = {
  date: new Date().toISOString(), machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, loadBefore: before, loadAfter: loadavg() }, rounds, mib: Number(values.mib), frameSize,
  megabytesPerSecondOfACore: Object.fromEntries([...measured.keys()].map((name) => [name, Math.round(middle(name))])),
  ratios: { 'seal to one layer': ratio('seal', 'plain, one layer'), 'seal to two layers': ratio('seal', 'plain, two layers'), 'open to two layers opened': ratio('open', 'plain, two layers opened') },
};
if (values.json) process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
else { console.table(report.megabytesPerSecondOfACore); console.table(report.ratios); console.log(report.machine); }
