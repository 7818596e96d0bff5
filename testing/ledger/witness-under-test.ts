/** A witness (https://c2sp.org/tlog-witness) that checks what it is given by the definitions of RFC 9162 and shares no code with the log. */
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const sha256 = (...parts: Uint8Array[]): Buffer => parts.reduce<ReturnType<typeof createHash>>((hash, part) => hash.update(part), createHash('sha256')).digest();
const node = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.from([1]), left, right);

/** Verification of a consistency proof: RFC 9162, section 2.1.4.2. */
export function consistent(first: number, second: number, firstRoot: Buffer, secondRoot: Buffer, proof: Buffer[]): boolean {
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot);
  if (first === 0) return proof.length === 0;
  const path = Number.isInteger(Math.log2(first)) ? [firstRoot, ...proof] : [...proof];
  let [fn, sn] = [first - 1, second - 1];
  while (fn % 2 === 1) { fn = (fn - 1) / 2; sn = Math.floor(sn / 2); }
  let fr = path.shift();
  if (!fr) return false;
  let sr = fr;
  for (const c of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = node(c, fr);
      sr = node(c, sr);
      while (fn % 2 === 0 && fn !== 0) { fn /= 2; sn = Math.floor(sn / 2); }
    } else sr = node(sr, c);
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && fr.equals(firstRoot) && sr.equals(secondRoot);
}

export class WitnessUnderTest {
  readonly name = 'witness.example/w1';
  readonly #keys = generateKeyPairSync('ed25519');
  readonly #typed = Buffer.concat([Buffer.from([4]), this.#keys.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)]);
  readonly #id = createHash('sha256').update(`${this.name}\n`).update(this.#typed).digest().subarray(0, 4);
  readonly #logKey: string;
  #server: Server | undefined;
  /** What it has cosigned last. */
  size = 0;
  #root = Buffer.alloc(32);
  /** Statuses that it answered. */
  readonly statuses: number[] = [];
  url = '';

  /** `logKey`: verifier key of the one log that it knows. */
  constructor(logKey: string) { this.#logKey = logKey.trim(); }

  get verifierKey(): string { return `${this.name}+${this.#id.toString('hex')}+${this.#typed.toString('base64')}`; }

  async start(port = 0): Promise<void> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const { status, answer, type } = request.url === '/add-checkpoint' ? this.#add(body) : { status: 404, answer: '', type: undefined };
        this.statuses.push(status);
        response.writeHead(status, { 'content-type': type ?? 'text/plain; charset=utf-8' }).end(answer);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise((resolve) => { if (server) server.close(resolve); else resolve(undefined); });
  }

  #add(body: string): { status: number; answer: string; type?: string } {
    const [, old = '', proofText = '', note = ''] = /^old (\d+)\n((?:[A-Za-z0-9+/=]{44}\n)*)\n([^]*)$/.exec(body) ?? [];
    const [, signed = '', origin = '', size = '', root = '', signature = ''] = /^((\S+)\n(\d+)\n(\S{44})\n)\n\u2014 \S+ (\S+)\n$/.exec(note) ?? [];
    const [, name, , key = ''] = /^(\S+)\+([0-9a-f]{8})\+(\S+)$/.exec(this.#logKey) ?? [];
    if (origin !== name) return { status: 404, answer: '' };
    const publicKey = createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'base64').subarray(1)]), format: 'der', type: 'spki' });
    if (!verify(null, Buffer.from(signed), publicKey, Buffer.from(signature, 'base64').subarray(4))) return { status: 403, answer: '' };
    if (Number(old) > Number(size)) return { status: 400, answer: '' };
    if (Number(old) !== this.size) return { status: 409, answer: `${this.size}\n`, type: 'text/x.tlog.size' };
    const proof = proofText.split('\n').slice(0, -1).map((line) => Buffer.from(line, 'base64'));
    if (!consistent(Number(old), Number(size), this.#root, Buffer.from(root, 'base64'), proof)) return { status: 422, answer: '' };
    this.size = Number(size);
    this.#root = Buffer.from(root, 'base64');
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000)));
    const cosignature = sign(null, Buffer.from(`cosignature/v1\ntime ${time.readBigUInt64BE()}\n${signed}`), this.#keys.privateKey);
    return { status: 200, answer: `\u2014 ${this.name} ${Buffer.concat([this.#id, time, cosignature]).toString('base64')}\n` };
  }
}
