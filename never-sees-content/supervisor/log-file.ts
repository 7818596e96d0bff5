/** A log file of bounded size: at 16 MiB it becomes `NAME.1`, and what was there is gone. */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

const limitBytes = 16 * 1024 * 1024;

export class LogFile {
  readonly #path: string;
  #file: number | undefined;
  #size = 0;

  constructor(path: string) { this.#path = path; }

  write(chunk: Buffer | string): void {
    try {
      const file = this.#file ??= this.#open();
      this.#size += typeof chunk === 'string' ? writeSync(file, chunk) : writeSync(file, chunk);
      if (this.#size >= limitBytes) this.#rotate(file);
    } catch { /* a full disk must not stop the service */ }
  }

  #open(): number {
    const file = openSync(this.#path, 'a', 0o600);
    this.#size = fstatSync(file).size;
    return file;
  }

  #rotate(file: number): void {
    this.#file = undefined;
    closeSync(file);
    renameSync(this.#path, `${this.#path}.1`);
  }
}
