/** The verifier in a browser says the same as in Node, check by check: of good documents, and of each with any one of its bytes changed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { request } from 'undici';
import { build } from 'vite';
import * as verifier from '#edge/verify/index.ts';
import type { Verdict } from '#edge/verify/checks.ts';
import { Installation, project } from '../installation.ts';
import { launch, withoutBrowser } from './browser.ts';

type Document = 'receipt' | 'prompt' | 'response' | 'bundle' | 'deletion' | 'checkpoint';
/** `file`: what is changed. A prompt or response is checked with its receipt, which is `beside` it. */
interface Asked { document: Document; file: string; beside: string; key: string; log: Record<string, string>; newer: string }
const encoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The verifier's modules as one script for a browser, as anyone would bundle them. */
async function bundled(): Promise<string> {
  const built = await build({
    configFile: false, logLevel: 'error', root: project,
    build: { write: false, minify: false, lib: { entry: join(project, 'edge/verify/index.ts'), formats: ['iife'], name: 'verifier', fileName: 'verifier' } },
  });
  const [output] = Array.isArray(built) ? built : [];
  const [chunk] = output?.output ?? [];
  assert.equal(chunk?.type, 'chunk');
  return chunk.code;
}

/** Runs in either place: nothing but its argument and the verifier. */
async function verdictOf({ verifyReceipt, verifyBundle, verifyDeletion, verifyCheckpoints }: typeof verifier, { document, file: text, beside, key, log, newer }: Asked): Promise<Verdict> {
  const decoded = (value: string): Uint8Array => Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0));
  const file = decoded(text);
  const read = (path: string): Promise<Uint8Array | undefined> => Promise.resolve(log[path] === undefined ? undefined : decoded(log[path]));
  switch (document) {
    case 'receipt': return await verifyReceipt({ file, key });
    case 'prompt': return await verifyReceipt({ file: decoded(beside), key, prompt: file });
    case 'response': return await verifyReceipt({ file: decoded(beside), key, response: file });
    case 'bundle': return await verifyBundle({ file, key, read });
    case 'deletion': return await verifyDeletion({ file, key });
    case 'checkpoint': return await verifyCheckpoints({ key, older: file, newer: decoded(newer) }, read);
  }
}

describe('the verifier in a browser', { skip: withoutBrowser, timeout: 300_000 }, () => {
  let installation: Installation;
  let browser: Browser;
  let page: Page;
  const files = new Map<Document, Uint8Array>();
  let shared: Pick<Asked, 'key' | 'log' | 'newer' | 'beside'>;

  before(async () => {
    [installation, browser] = await Promise.all([Installation.start(), launch()]);
    await installation.json('engines', 'add', 'none', '--url', 'http://127.0.0.1:9/v1', '--model', 'smollm2-135m-instruct');
    const { primaryKey, id } = await installation.json<{ primaryKey: string; id: string }>('deploy', 'smollm2-135m-instruct', '--serverless', '--name', 'proof', '--engine', 'none', '--no-wait');
    const prompt = '{"model":"proof"}';
    const answer = await request(`${installation.origin}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${primaryKey}`, 'content-type': 'application/json' }, body: prompt });
    files.set('prompt', Buffer.from(prompt));
    files.set('response', new Uint8Array(await answer.body.arrayBuffer()));
    const save = async (document: Document, ...args: string[]): Promise<void> => {
      const file = join(installation.data, `${document}.json`);
      await installation.cli(...args, '-o', file);
      files.set(document, readFileSync(file));
    };
    await save('receipt', 'receipts', 'get', String(answer.headers['x-request-id']), '--key', primaryKey);
    await installation.json('deployments', 'delete', 'proof');
    await save('deletion', 'ledger', 'deletion', id);
    await save('bundle', 'ledger', 'export');
    const get = async (path: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(`${installation.origin}/ledger/${path}`)).arrayBuffer());
    const [checkpoint, key] = [await get('checkpoint'), await get('key')];
    files.set('checkpoint', checkpoint);
    // The ledger may have grown since the bundle was made.
    const exported = (JSON.parse(new TextDecoder().decode(files.get('bundle'))) as { checkpoint: string }).checkpoint;
    const sizes = new Set([exported, new TextDecoder().decode(checkpoint)].map((each) => each.split('\n')[1] ?? ''));
    const tiles = [...sizes].flatMap((size) => [`tile/0/000.p/${size}`, `tile/entries/000.p/${size}`]);
    shared = { beside: encoded(files.get('receipt') ?? new Uint8Array()), key: new TextDecoder().decode(key), newer: encoded(checkpoint), log: Object.fromEntries(await Promise.all(tiles.map(async (path) => [path, encoded(await get(path))] as const))) };
    page = await (await browser.newContext()).newPage();
    await page.goto(`${installation.origin}/livez`);
    await page.evaluate(`${await bundled()}; globalThis.verifier = verifier; globalThis.verdictOf = ${verdictOf.toString()};`);
  });
  after(async () => { await browser?.close(); await installation?.remove(); });

  const inBrowser = async (asked: Asked): Promise<Verdict> => await page.evaluate(async (one) => {
    const here = globalThis as unknown as { verifier: typeof verifier; verdictOf: typeof verdictOf };
    return await here.verdictOf(here.verifier, one);
  }, asked);

  for (const document of ['receipt', 'prompt', 'response', 'bundle', 'deletion', 'checkpoint'] as const) {
    test(`${document}: as it is, and with a bit changed in each of 60 places`, async () => {
      const bytes = files.get(document) ?? new Uint8Array();
      const whole = await inBrowser({ document, file: encoded(bytes), ...shared });
      assert.deepEqual(whole, await verdictOf(verifier, { document, file: encoded(bytes), ...shared }));
      assert.ok(whole.passed, JSON.stringify(whole.checks));
      for (let i = 0; i < 60; i++) {
        const changed = Uint8Array.from(bytes);
        const at = Math.floor((i * (bytes.length - 1)) / 60);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const verdict = await inBrowser({ document, file: encoded(changed), ...shared });
        assert.deepEqual(verdict, await verdictOf(verifier, { document, file: encoded(changed), ...shared }), `byte ${at}`);
        assert.ok(!verdict.passed, `byte ${at}`);
      }
    });
  }
});
