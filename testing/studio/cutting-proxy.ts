/** A proxy between browser and installation that breaks connections: a bad network. It counts what browsers send. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export class CuttingProxy {
  origin = '';
  /** Bytes of request bodies that came, those of broken connections included. */
  received = 0;
  /** Breaks the connection of a request after so many bytes of its body; undefined lets it through. Asked once for each request. */
  cutAfter: (method: string, path: string) => number | undefined = () => undefined;
  /** Requests wait for it before they go on. */
  hold: (method: string, path: string) => Promise<void> | undefined = () => undefined;
  readonly #server;

  private constructor(target: string) {
    this.#server = createServer((asked, response) => {
      const [method, path] = [asked.method ?? 'GET', (asked.url ?? '/').split('?')[0] ?? '/'];
      const most = this.cutAfter(method, path);
      const pass = (): void => {
        let came = 0;
        const onward = request(new URL(asked.url ?? '/', target), { method, headers: asked.headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
        asked.on('data', (piece: Buffer) => {
          this.received += piece.length;
          came += piece.length;
          if (most !== undefined && came > most) { onward.destroy(); asked.socket.destroy(); }
        });
        asked.on('close', () => { if (!asked.complete) onward.destroy(); });
        onward.on('error', () => response.destroy());
        asked.pipe(onward);
      };
      const held = this.hold(method, path);
      if (held) void held.then(pass); else pass();
    });
  }

  static async start(target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    proxy.origin = `http://127.0.0.1:${(proxy.#server.address() as AddressInfo).port}`;
    return proxy;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
