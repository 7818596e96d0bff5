/** Watches, while the matrix is planted, to which addresses the installation's processes hold connections. */
import type { Process } from '../processes.ts';
import { connectionsSeenBy, isLoopback, isNone, networkOf, socketsOf } from './connections.ts';
import type { Connection } from './connections.ts';

/** Milliseconds between two looks. */
const everyMs = 50;
/** `by`: the process that holds the connection. */
export interface Destination { address: string; port: number; protocol: 'tcp' | 'udp'; by: string }

export class NetworkWatch {
  readonly #destinations = new Map<string, Destination>();
  readonly #unread = new Map<string, string>();
  readonly #processes: () => Process[];
  readonly #timer: NodeJS.Timeout;
  readonly #enginePort: number;
  looks = 0;
  /** Whether the connection to the audit's own engine was seen, which proves that connections are. */
  sawOwnEngine = false;

  constructor(processes: () => Process[], enginePort: number) {
    this.#processes = processes;
    this.#enginePort = enginePort;
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  get destinations(): Destination[] { return [...this.#destinations.values()]; }
  /** Processes whose connections could not be seen, with the system's code for why. */
  get unread(): [string, string][] { return [...this.#unread]; }

  stop(): void { clearInterval(this.#timer); }

  #look(): void {
    this.looks++;
    const networks = new Map<string, Process[]>();
    for (const process of this.#processes()) {
      try { networks.set(networkOf(process.pid), [...networks.get(networkOf(process.pid)) ?? [], process]); } catch (error) { this.#note(process, error); }
    }
    for (const processes of networks.values()) this.#lookAt(processes);
  }

  #lookAt(processes: Process[]): void {
    const table = connectionsSeenBy(processes[0]?.pid ?? 0);
    const ours = new Set(table.filter(({ listening }) => listening).map(({ localPort }) => localPort));
    // What somebody else opened to a port that is listened on is no destination.
    const outward = table.filter(({ remote, listening, localPort, protocol }) => !listening && !isNone(remote) && !(protocol === 'tcp' && ours.has(localPort)));
    const wanted = outward.filter(({ remote, remotePort }) => !isLoopback(remote) || (remotePort === this.#enginePort && !this.sawOwnEngine));
    if (wanted.length === 0) return;
    for (const process of processes) this.#match(process, wanted);
  }

  #match(process: Process, wanted: Connection[]): void {
    let sockets: Set<string>;
    try { sockets = socketsOf(process.pid); } catch (error) { this.#note(process, error); return; }
    for (const { inode, remote: address, remotePort: port, protocol } of wanted) {
      if (!sockets.has(inode)) continue;
      if (isLoopback(address)) { this.sawOwnEngine ||= process.name === 'gateway'; continue; }
      this.#destinations.set(`${address} ${port} ${process.name}`, { address, port, protocol, by: process.name });
    }
  }

  #note(process: Process, error: unknown): void {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code !== 'ENOENT' && code !== 'ESRCH') this.#unread.set(process.name, code);
  }
}
