/** The program that has a customer's PKCS#11 library loaded: started when it is needed, ended when it does not answer, started again at the next request. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ProviderError } from '../provider.ts';
import { Logins } from './logins.ts';
import { Answer, results } from './library-protocol.ts';
import type { FailureReport, Opening, Operation, RequestOf, ResultOf } from './library-protocol.ts';

export interface LibrarySettings {
  library: string;
  /** Variables of the program, which are the library's: where its configuration file is. */
  environment: Record<string, string>;
  /** How long one answer may take. */
  timeoutMs: number;
}
interface Pending { resolve(done: unknown): void; reject(error: ProviderError): void }

const libraryProgram = join(import.meta.dirname, 'library/main.ts');
const unreachable = (what: string): ProviderError => new ProviderError('unreachable', what);

/** An answer's codes as an error, with the one text that is ours to know: the library's path. */
function errorOf({ failed, reason, call, answer }: FailureReport, library: string): ProviderError {
  if (reason === 'library_not_found') return new ProviderError(failed, `library not found at ${library}`);
  if (reason === 'library_unusable') return new ProviderError(failed, `no usable PKCS#11 library at ${library}`);
  if (answer === notLoggedIn) return new LoginLost(failed, `${call ?? ''} answered 0x101`);
  return new ProviderError(failed, call === undefined ? reason.replaceAll('_', ' ') : `${call} answered 0x${(answer ?? 0).toString(16)}`);
}

/** The token knows nothing of a login. */
class LoginLost extends ProviderError {}

/** One run of the program. */
class Run {
  readonly opened: Promise<void>;
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #settings: LibrarySettings;
  /** In the order in which they were asked, which is that of the answers. */
  readonly #pending: Pending[] = [];
  #unfinished = '';
  #timer: NodeJS.Timeout | undefined;
  /** Nothing more is asked of it. */
  #ended = false;
  #exited = false;

  constructor(settings: LibrarySettings, opening: Opening, program: string) {
    this.#settings = settings;
    this.#child = spawn(process.execPath, [program, settings.library], { env: settings.environment, cwd: '/', stdio: ['pipe', 'ignore', 'ignore', 'pipe'] });
    this.exited = new Promise((resolve) => {
      const exited = (): void => { this.#exited = this.#ended = true; if (this.#pending.length === 0) clearTimeout(this.#timer); resolve(); };
      // After its exit, what it has answered is still read.
      this.#child.on('error', exited).on('exit', exited).on('error', () => this.#end('its program did not start')).on('close', () => this.#end('its program ended'));
    });
    this.#child.stdin?.on('error', () => { /* its exit says it */ });
    (this.#child.stdio[3] as Readable).setEncoding('utf8').on('data', (text: string) => this.#read(text)).on('error', () => { /* likewise */ });
    this.opened = this.ask('open', opening).then(() => undefined);
    this.opened.catch(() => undefined);
  }

  get usable(): boolean { return !this.#ended; }

  async ask<O extends Operation>(operation: O, body: RequestOf<O>): Promise<ResultOf<O>> {
    if (this.#ended) throw unreachable('its program ended');
    const done = await new Promise<unknown>((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify({ operation, body })}\n`);
      if (this.#pending.length === 1) this.#wait();
    });
    const result = results[operation].safeParse(done);
    if (!result.success) { this.retire(); throw unreachable('its program answered something else'); }
    return result.data as ResultOf<O>;
  }

  /** No more requests; what was asked is still answered. */
  retire(): void {
    this.#ended = true;
    if (this.#exited) return;
    this.#child.stdin?.end();
    this.#wait();
  }

  /** The time runs for the request that is being worked on, and for the program's end. */
  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#end('no answer in time'); this.#child.kill('SIGKILL'); }, this.#settings.timeoutMs);
  }

  #read(text: string): void {
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = lines.pop() ?? '';
    for (const line of lines) this.#answered(line);
    if (this.#pending.length > 0 || this.#ended) this.#wait(); else clearTimeout(this.#timer);
  }

  #answered(line: string): void {
    const request = this.#pending.shift();
    let answer: Answer | undefined;
    try { answer = Answer.safeParse(JSON.parse(line)).data; } catch { /* as one that is not of the form */ }
    if (!answer) { request?.reject(unreachable('its program answered something else')); this.retire(); return; }
    if (!('failed' in answer)) { request?.resolve(answer.done); return; }
    // With a session that is lost nothing is done any more: the next request gets a new one.
    if (answer.failed === 'unreachable' || answer.answer === notLoggedIn) this.retire();
    request?.reject(errorOf(answer, this.#settings.library));
  }

  #end(what: string): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    for (const request of this.#pending.splice(0)) request.reject(unreachable(what));
  }
}
const notLoggedIn = 0x101;
const logins = new Logins();

export class LibraryProcess {
  readonly #settings: LibrarySettings;
  readonly #opening: Opening;
  readonly #program: string;
  #run: Run | undefined;
  #starting: Promise<Run> | undefined;
  #refused: ProviderError | undefined;
  #closed = false;
  /** `program`: the one that loads the library. */
  constructor(settings: LibrarySettings, opening: Opening, program = libraryProgram) {
    this.#settings = settings;
    this.#opening = opening;
    this.#program = program;
  }

  /** A token that has forgotten the login of a run that was there already is logged in to once more. @throws ProviderError */
  async ask<O extends Operation>(operation: O, body: RequestOf<O>): Promise<ResultOf<O>> {
    if (this.#closed) throw unreachable('closed');
    // A token locks itself after a few wrong PINs: the same one is not tried again.
    if (this.#refused) throw this.#refused;
    const known = this.#starting || !this.#run?.usable ? undefined : this.#run;
    try { return await (known ?? await this.#started()).ask(operation, body); } catch (error) {
      if (!known || !(error instanceof LoginLost)) throw error;
      return await (await this.#started()).ask(operation, body);
    }
  }

  async #started(): Promise<Run> {
    this.#starting ??= this.#start().finally(() => { this.#starting = undefined; });
    return await this.#starting;
  }

  async #start(): Promise<Run> {
    const { library, environment } = this.#settings;
    try { return await logins.take({ library, environment, token: this.#opening.token, pin: this.#opening.pin }, async () => await this.#login()); } catch (error) {
      if (error instanceof ProviderError && error.code === 'denied') this.#refused = error;
      throw error;
    }
  }

  async #login(): Promise<Run> {
    if (this.#closed) throw unreachable('closed');
    const run = this.#newRun();
    this.#run = run;
    try { await run.opened; return run; } catch (error) { run.retire(); throw error; }
  }

  #newRun(): Run {
    try { return new Run(this.#settings, this.#opening, this.#program); } catch { throw unreachable('its program did not start'); }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#run?.retire();
    await this.#run?.exited;
  }
}
