/**
 * A customer's own key, in a token and in a file, from its first use to its end: rotated without touching data, disabled and denied within a second everywhere,
 * told apart from a provider that does not answer, and destroyed for good.
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { CustomerKeySettings, Encryption } from '#contract/http/encryption.ts';
import type { FileObject } from '#contract/http/files.ts';
import type { Upload, UploadPart } from '#contract/http/uploads.ts';
import { createKeyFile } from '#keys/providers/file/key-file-format.ts';
import type { KeyFile } from '#keys/providers/file/key-file-format.ts';
import { Installation } from '../installation.ts';
import type { Deployed } from '../models.ts';
import { NullEngine } from '../null-engine/process.ts';
import { destroyVersions, makeProvider, makeToken, setUse, skip } from '../providers/softhsm-token.ts';
import { atRest, until } from './at-rest.ts';
import { accepted, Caller } from './caller.ts';
import type { Answer } from './caller.ts';

const model = 'smollm2-135m-instruct';
/** A second is promised, on a machine that is not busy with other tests: MODELKEEP_TEST_CLOSED_MS=1000 there. */
const withinMs = Number(process.env['MODELKEEP_TEST_CLOSED_MS'] ?? 4000);
const folder = mkdtempSync(join(tmpdir(), 'mk-customer-key-'));
let installation: Installation;
let engine: NullEngine;
before(async () => {
  installation = await Installation.start();
  engine = await NullEngine.start({ tokens: 4, intervalMs: 0 });
}, { timeout: 150_000 });
after(async () => { await engine?.stop(); await installation?.remove(); rmSync(folder, { recursive: true, force: true }); });

/** A key at its provider, with the hands of its administrator on it. */
interface Kept { settings: CustomerKeySettings; credential?: { pin: string }; deny: () => void; allow: () => void; takeAway: () => void; bringBack: () => void; destroy: () => void }

function inFile(): Kept {
  const path = join(folder, `${randomBytes(4).toString('hex')}.key`);
  createKeyFile(path);
  const edit = (change: (version: KeyFile['versions'][number]) => KeyFile['versions'][number]): void => {
    const file = JSON.parse(readFileSync(path, 'utf8')) as KeyFile;
    writeFileSync(path, JSON.stringify({ ...file, versions: file.versions.map(change) }));
  };
  return {
    settings: { provider: 'file', path }, deny: () => edit((version) => ({ ...version, state: 'disabled' })), allow: () => edit((version) => ({ ...version, state: 'enabled' })),
    takeAway: () => renameSync(path, `${path}.away`), bringBack: () => renameSync(`${path}.away`, path), destroy: () => edit(({ version }) => ({ version, state: 'destroyed' })),
  };
}

async function inToken(): Promise<Kept> {
  const token = makeToken();
  await (await makeProvider(token)).close();
  const { library, key } = token.settings;
  return {
    settings: { provider: 'pkcs11', library, token: token.label, key, configuration: token.settings.configuration?.path }, credential: { pin: token.pin },
    deny: () => setUse(token, false), allow: () => setUse(token, true), takeAway: () => renameSync(token.link, `${token.link}.away`), bringBack: () => renameSync(`${token.link}.away`, token.link), destroy: () => destroyVersions(token),
  };
}

const isDenied = ({ status, code }: Answer): void => assert.deepEqual([status, code], [403, 'customer_key_denied']);
const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

for (const [name, make, without] of [['a token (SoftHSM2)', inToken, skip], ['a file', async () => await Promise.resolve(inFile()), undefined]] as const) {
  describe(`in ${name}`, { skip: without ?? false }, () => {
    const project = name === 'a file' ? 'by-file' : 'by-token';
    const text = randomBytes(500_000);
    let kept: Kept;
    let member: Caller;
    let administrator: Caller;
    let file: FileObject;
    let upload: Upload;
    /** All its bytes have come: it can be completed. */
    let begun: Upload;
    let part: UploadPart;
    let deployed: Deployed;
    before(async () => {
      kept = await make();
      await installation.json('projects', 'create', project);
      await installation.json('--project', project, 'engines', 'add', `null-${project}`, '--url', engine.url, '--model', model, '--served-model', 'null');
      deployed = await installation.json<Deployed>('--project', project, 'deploy', model, '--serverless', '--name', `chat-${project}`, '--engine', `null-${project}`);
      member = await Caller.person(installation, `member-${project}`, 'member', { project });
      administrator = await Caller.person(installation, `administrator-${project}`, 'administrator', { project });
      file = await member.stored(text, { filename: 'before.bin' });
    }, { timeout: 60_000 });
    after(async () => { await member?.close(); await administrator?.close(); });

    const encryption = async (): Promise<Encryption> => accepted(await member.ask('GET', '/api/encryption'));
    const change = async (what: string, body: object = {}): Promise<Answer> => await administrator.ask('POST', `/api/encryption/${what}`, body);
    const set = async (onDenied: 'keep' | 'stop'): Promise<Answer> => await change('customer-key', { settings: kept.settings, onDenied, ...(kept.credential === undefined ? {} : { credential: kept.credential }) });
    const chat = async (): Promise<Answer> => await Caller.withKey(installation, deployed.primaryKey).ask('POST', '/v1/chat/completions', { model: deployed.name, messages: [{ role: 'user', content: 'hi' }] });
    const wrappedBy = async (): Promise<string> => { const { keys } = await atRest(installation, file); return (JSON.parse(readFileSync(keys, 'utf8')) as { customer: { by: string } }).customer.by; };

    test('only an administrator of the project sets it, and a wrong one is not taken', async () => {
      assert.equal((await member.ask('POST', '/api/encryption/customer-key', { settings: kept.settings })).code, 'permission_denied');
      const wrong = kept.settings.provider === 'file' ? { settings: { provider: 'file', path: `${folder}/nowhere.key` } } : { settings: kept.settings, credential: { pin: 'wrong' } };
      const refused = await administrator.ask('POST', '/api/encryption/customer-key', wrong);
      assert.ok(refused.status >= 400 && String(refused.code).startsWith('customer_key_'), refused.code);
      assert.equal((await encryption()).customerKey, null);
      assert.ok((await member.content(file.id)).bytes.equals(text));
    });

    test('set: what was there is wrapped by it anew, its bytes untouched, and it can be read', async () => {
      const { bytes, keys } = await atRest(installation, file);
      const [before, wrapped] = [digest(bytes), digest(keys)];
      accepted(await set('stop'));
      await until('all is wrapped by it', async () => await wrappedBy() === 'customer');
      assert.equal(digest(bytes), before);
      assert.notEqual(digest(keys), wrapped);
      assert.partialDeepStrictEqual(await encryption(), { customerLayer: { by: 'customer' }, customerKey: { state: 'enabled', developmentOnly: kept.settings.provider === 'file' } });
      if (kept.credential) assert.ok(!JSON.stringify(await encryption()).includes(kept.credential.pin));
      assert.ok((await member.content(file.id)).bytes.equals(text));
      upload = await member.begin(100_000);
      begun = await member.begin(6);
      part = await member.part(begun.id, 'a part');
    });

    for (const layer of ['platform', 'customer', 'both'] as const) {
      test(`rotated (${layer}): other wrapped keys, the same bytes, all opens`, async () => {
        const { bytes, keys } = await atRest(installation, file);
        const [before, wrapped, shown] = [digest(bytes), digest(keys), await encryption()];
        accepted(await change('rotate', { layer }));
        await until('all is wrapped anew', async () => (await encryption()).rotation === null && digest(keys) !== wrapped);
        assert.equal(digest(bytes), before);
        const now = await encryption();
        assert.equal(now.platformKey.version > shown.platformKey.version, layer !== 'customer');
        assert.equal(now.customerKey?.kid !== shown.customerKey?.kid, layer !== 'platform');
        assert.ok((await member.content(file.id)).bytes.equals(text));
      });
    }

    /** Each way in, asked until it is closed. */
    const ways: Record<string, () => Promise<Answer>> = {
      download: () => member.content(file.id), range: () => member.content(file.id, { range: 'bytes=0-9' }), upload: () => member.upload('new'), part: () => member.addPart(upload.id, '.'), 'running deployment': chat,
    };
    const complete = async (): Promise<Answer> => await member.complete(begun.id, [part.id]);

    async function openEverywhere(): Promise<void> {
      await until('all is open again', async () => { const answer = await member.content(file.id); return answer.status === 200 && answer.bytes.equals(text); });
      await until('the deployment is back', async () => (await chat()).status === 200);
      const more = await member.stored('after');
      assert.equal((await member.content(more.id)).bytes.toString(), 'after');
      accepted(await member.remove(more.id));
    }

    /** `close` closes each way in, and ends a download and an upload that are under way as what they are: broken off, refused. All of it within a second. */
    async function closesEverything(t: TestContext, close: () => unknown): Promise<void> {
      const long = await member.stored(Buffer.alloc(60e6, 'long'));
      const answer = await request(`${installation.origin}/v1/files/${long.id}/content`, { headers: member.headers });
      const chunks = answer.body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      await chunks.next();
      let sent = 0;
      let ended = false;
      const endless = async function* (): AsyncGenerator<Buffer> {
        yield Buffer.from('--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n');
        for (; !ended && sent < 500; sent++) { yield Buffer.alloc(50_000); await sleep(20); }
      };
      const uploading = request(`${installation.origin}/v1/files`, { method: 'POST', headers: { ...member.headers, 'content-type': 'multipart/form-data; boundary=b' }, body: Readable.from(endless()) })
        .then(async (refused) => (await refused.body.json() as { error: { code: string } }).error.code, () => 'broken').finally(() => { ended = true; });
      await until('it arrives', () => sent > 5);
      await close();
      const since = performance.now();
      const took = (): number => Math.round(performance.now() - since);
      const closed = await Promise.all(Object.entries(ways).map(async ([name, ask]) => [name, await until(`closed: ${name}`, async () => { const asked = took(); return (await ask()).code === 'customer_key_denied' ? asked : undefined; }, { every: 20 })] as const));
      const code = await uploading;
      const times = { ...Object.fromEntries(closed), 'upload under way': took() };
      assert.ok(code === 'customer_key_denied' || code === 'broken', code);
      let whole = true;
      try { while ((await chunks.next()).done !== true); } catch { whole = false; }
      assert.ok(!whole, 'the download broke off');
      t.diagnostic(`closed after (ms): ${JSON.stringify(times)}`);
      assert.deepEqual(Object.entries(times).filter(([, ms]) => ms > withinMs), []);
      const created = await member.ask('POST', '/api/deployments', { name: `new-${project}`, model, engine: `null-${project}`, kind: 'serverless' });
      assert.equal(created.code, 'customer_key_denied', JSON.stringify(created.body));
      isDenied(await complete());
      assert.equal((await member.show(file.id)).status, 200, 'that it is there is still told');
    }

    test('disabled here: what is under way ends, everything is closed; enabled: nothing is lost', { timeout: 60_000 }, async (t) => {
      await closesEverything(t, async () => accepted(await change('disable')));
      assert.equal((await encryption()).customerKey?.state, 'disabled');
      accepted(await change('enable'));
      await openEverywhere();
    });

    test('denied by its provider: the same, without a word from here', { timeout: 60_000 }, async (t) => {
      await closesEverything(t, () => kept.deny());
      assert.equal((await encryption()).customerKey?.state, 'denied');
      kept.allow();
      await openEverywhere();
      const { file: completed } = accepted<Upload>(await complete());
      assert.equal((await member.content(completed?.id ?? '')).bytes.toString(), 'a part', 'what was begun before is completed after');
    });

    async function restartCustody(): Promise<void> {
      const [custody] = (await installation.processes()).filter((each) => each.name === 'key-custody');
      process.kill(custody?.pid ?? 0, 'SIGKILL');
      await until('custody again', async () => (await member.ask('GET', '/api/encryption')).status === 200);
    }

    test('not reachable: told apart; what was opened a moment ago still opens, what was not does not, and nothing new is stored', { timeout: 60_000 }, async () => {
      const unknown = await member.stored('never read');
      await restartCustody(); // which knows the keys of what it makes for a minute, too
      await member.content(file.id);
      kept.takeAway();
      const state = await until('it is noticed', async () => { const { customerKey } = await encryption(); return customerKey && customerKey.state !== 'enabled' ? customerKey.state : undefined; });
      assert.equal(state, 'unreachable');
      assert.ok((await member.content(file.id)).bytes.equals(text), 'from the bounded cache');
      for (const answer of [await member.content(unknown.id), await member.upload('new')]) assert.deepEqual([answer.status, answer.code], [503, 'customer_key_unreachable']);
      assert.equal((await chat()).status, 200, 'a running deployment goes on');
      kept.bringBack();
      await openEverywhere();
      assert.equal((await member.content(unknown.id)).bytes.toString(), 'never read');
    });

    test('removed: it is needed once more, then the platform\'s key is back; set again: the customer\'s', { timeout: 60_000 }, async () => {
      kept.deny();
      isDenied(await administrator.ask('DELETE', '/api/encryption/customer-key'));
      kept.allow();
      await openEverywhere();
      accepted(await administrator.ask('DELETE', '/api/encryption/customer-key'));
      await until('all is wrapped by the platform', async () => await wrappedBy() === 'platform');
      kept.deny();
      assert.ok((await member.content(file.id)).bytes.equals(text), 'it is not asked any more');
      kept.allow();
      accepted(await set('keep'));
      await until('all is wrapped by it', async () => await wrappedBy() === 'customer');
    });

    test('destroyed at its provider: the data is gone for good, and can still be deleted, with a certificate', { timeout: 60_000 }, async () => {
      const { bytes } = await atRest(installation, file);
      kept.destroy();
      isDenied(await until('it is noticed', async () => { const answer = await member.content(file.id); return answer.status === 200 ? undefined : answer; }));
      await restartCustody();
      isDenied(await member.content(file.id));
      assert.equal((await chat()).status, 200, 'keep: a running deployment goes on');
      assert.ok(digest(bytes).length > 0, 'its bytes are there, and nothing opens them');
      accepted(await member.remove(file.id));
      const { entry } = accepted<{ entry: { opening: { facts: { statement: string } } } }>(await member.ask('GET', `/api/ledger/deletions/${file.id}`));
      assert.match(entry.opening.facts.statement, /"after":"key_not_found","before":"key_denied"/);
    });
  });
}
