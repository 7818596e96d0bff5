/** A proxy between browser and installation that can change what passes: somebody on the way. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `path`: without its query. @returns the bytes that go on to the browser */
export type Change = (path: string, body: Buffer) => Buffer;

export class FlippingProxy {
  origin = '';
  change: Change = (_path, body) => body;
  /** The status that goes on in place of the answer's. */
  status: (path: string) => number | undefined = () => undefined;
  /** Headers of answers that do not get through. */
  withheld: readonly string[] = [];
  readonly #server;

  private constructor(target: string) {
    this.#server = createServer((asked, response) => {
      const path = (asked.url ?? '/').split('?')[0] ?? '/';
      const onward = request(new URL(asked.url ?? '/', target), { method: asked.method, headers: { ...asked.headers, 'accept-encoding': 'identity' } }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
          const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !['content-length', 'transfer-encoding', ...this.withheld].includes(name)));
          response.writeHead(this.status(path) ?? answer.statusCode ?? 502, headers).end(this.change(path, Buffer.concat(pieces)));
        });
      });
      onward.on('error', () => response.destroy());
      asked.pipe(onward);
    });
  }

  static async start(target: string): Promise<FlippingProxy> {
    const proxy = new FlippingProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    proxy.origin = `http://127.0.0.1:${(proxy.#server.address() as AddressInfo).port}`;
    return proxy;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Flips the lowest bit of a byte. */
export function flipAt(body: Buffer, place: number): Buffer {
  const changed = Buffer.from(body);
  changed[place] = (body[place] ?? 0) ^ 1;
  return changed;
}

/** Flips the lowest bit of the first byte after `before` where a letter or digit stands. @throws Error where there is none */
export function flipAfter(body: Buffer, before: string): Buffer {
  for (let at = body.indexOf(before); at >= 0; at = body.indexOf(before, at + 1)) {
    const place = at + before.length;
    if (!/[a-zA-Z0-8]/.test(String.fromCharCode(body[place] ?? 0)) || !/[\w]/.test(String.fromCharCode((body[place] ?? 0) ^ 1))) continue;
    return flipAt(body, place);
  }
  throw new Error(`nothing to flip after ${before}`);
}
