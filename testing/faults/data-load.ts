/** Clients that upload, whole and in parts, download, delete and rotate keys, all the time and at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { content } from './data-clients.ts';
import type { DataClient } from './data-clients.ts';

/** Files that stay, at least. */
const fewest = 40;
const random = (below: number): number => Math.floor(Math.random() * below);

export class DataLoad {
  /** What must not have been: a download that was answered whole with other bytes. */
  readonly wrong: string[] = [];
  readonly #client: DataClient;
  #running = true;
  readonly #loops: Promise<void>[];

  constructor(client: DataClient) {
    this.#client = client;
    this.#loops = [
      this.#again(150, () => this.#upload()), this.#again(250, () => this.#upload()), this.#again(300, () => this.#uploadInParts()),
      this.#again(50, () => this.#download()), this.#again(100, () => this.#delete()), this.#again(1500, () => this.#client.rotate()),
    ];
  }

  /** `pause`: milliseconds, on average. */
  async #again(pause: number, work: () => Promise<void>): Promise<void> {
    while (this.#running) {
      try { await work(); } catch { /* a kill reached it: not acknowledged */ }
      await sleep(random(2 * pause));
    }
  }

  async #upload(): Promise<void> {
    const bytes = content(random(200_000));
    const quarter = Math.ceil(bytes.length / 4);
    const sent = async function* (): AsyncGenerator<Buffer> { for (let at = 0; at < bytes.length; at += quarter) { yield bytes.subarray(at, at + quarter); await sleep(random(10)); } };
    await this.#client.upload(bytes, { sent: sent() });
  }

  async #uploadInParts(): Promise<void> {
    const whole = content(100_000 + random(200_000));
    const upload = await this.#client.createUpload(whole.length, 'in parts');
    if (random(4) === 0) { await this.#giveUp(upload, whole); return; }
    const parts = [await this.#client.addPart(upload, whole.subarray(0, 70_000)), await this.#client.addPart(upload, whole.subarray(70_000))];
    await this.#client.completeUpload(upload, parts, whole);
  }

  /** While its part arrives, which is refused then: that is no fault. */
  async #giveUp(upload: string, part: Buffer): Promise<void> {
    const client = this.#client.aside();
    await Promise.all([client.addPart(upload, part), sleep(random(20)).then(() => client.cancelUpload(upload))]);
  }

  #any(): string | undefined {
    const kept = this.#client.journal.kept();
    return kept[random(kept.length)];
  }

  async #download(): Promise<void> {
    const file = this.#any();
    if (file === undefined) return;
    const digest = await this.#client.digest(file);
    if (digest !== this.#client.journal.stored.get(file)) this.wrong.push(file);
  }

  async #delete(): Promise<void> {
    if (this.#client.journal.kept().length <= fewest) return;
    const file = this.#any();
    if (file !== undefined) await this.#client.delete(file);
  }

  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#loops);
  }
}
