import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { GatewayError } from '../gateway-error.ts';
import type { Frame } from './frames.ts';
import { readFrames } from './read-frames.ts';

const refusal = (code: string) => (error: unknown): boolean => error instanceof GatewayError && error.code === code;
const word = 'data: {"choices":[]}\n\n';
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A client that takes what it is sent only while it is willing. */
class Client extends Writable {
  #waiting: (() => void) | undefined;
  #willing = true;
  constructor() { super({ highWaterMark: 64 }); }
  set willing(willing: boolean) {
    this.#willing = willing;
    if (willing) this.#waiting?.();
    this.#waiting = undefined;
  }
  override _write(_chunk: Buffer, _encoding: string, done: () => void): void { if (this.#willing) done(); else this.#waiting = done; }
}

describe('frames from an engine to a client', () => {
  let engine: PassThrough;
  let client: Client;
  let taken: Frame[];
  let gone: AbortController;
  let reading: Promise<unknown>;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    [engine, client, taken, gone] = [new PassThrough(), new Client(), [], new AbortController()];
    reading = readFrames(engine, client, gone.signal, (frame) => { taken.push(frame); if (frame.kind === 'data') client.write(frame.bytes); });
    reading.catch(() => undefined);
  });
  afterEach(() => mock.timers.reset());

  test('end at the engine\'s word, and nothing after it is taken', async () => {
    engine.write(`${word}data: [DONE]\n\n${word}`);
    await reading;
    engine.end(word);
    await settled();
    assert.equal(taken.length, 1);
    assert.equal(engine.readableFlowing, true);
  });

  test('that break off are known to', async () => {
    engine.end(word);
    await assert.rejects(reading, refusal('engine_crashed'));
  });

  test('stop where the client left', async () => {
    gone.abort();
    await assert.rejects(reading, refusal('client_too_slow'));
  });

  test('are not waited for without end: an engine that went silent has failed', async () => {
    engine.write(word);
    await settled();
    mock.timers.tick(119_999);
    await settled();
    mock.timers.tick(1);
    await assert.rejects(reading, refusal('engine_timeout'));
  });

  test('are not taken from the engine while the client takes none, and not kept for a client that never does', async () => {
    client.willing = false;
    engine.write(word.repeat(10));
    await settled();
    assert.equal(engine.isPaused(), true);
    mock.timers.tick(59_000);
    client.willing = true;
    await settled();
    assert.equal(engine.isPaused(), false);
    client.willing = false;
    engine.write(word.repeat(10));
    await settled();
    assert.equal(engine.isPaused(), true);
    mock.timers.tick(60_000);
    await assert.rejects(reading, refusal('client_too_slow'));
  });
});
