/** Who sees what of a project's files, each tried; and what whoever has the machine's database and disk can do with them, but for the keys. */
import assert from 'node:assert/strict';
import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { FileObject } from '#contract/http/files.ts';
import type { Upload, UploadPart } from '#contract/http/uploads.ts';
import { dataLayout } from '#contract/installation.ts';
import type { KeyOrder } from '#contract/internal/key-order.ts';
import { DataKeys } from '#keys/custody/data-keys/data-keys.ts';
import { CustomerKeys } from '#keys/custody/project-keys/customer-keys.ts';
import { PlatformKeys } from '#keys/custody/project-keys/platform-keys.ts';
import { openRootKey } from '#keys/custody/root-key.ts';
import { dumpTables, embeddedUrl } from '#control/storage/dump.ts';
import { command, Installation, project } from '../installation.ts';
import { deploy } from '../models.ts';
import { NullEngine } from '../null-engine/process.ts';
import { atRest, filesBelow } from './at-rest.ts';
import { accepted, Caller } from './caller.ts';
import type { Answer } from './caller.ts';

const text = `only for ${randomBytes(12).toString('hex')}`;
let installation: Installation;
let engine: NullEngine;
const callers: Caller[] = [];
const known = <T extends Caller>(caller: T): T => { callers.push(caller); return caller; };

let member: Caller;
let file: FileObject;
let upload: Upload;
let part: UploadPart;
before(async () => {
  installation = await Installation.start();
  engine = await NullEngine.start({ tokens: 1, intervalMs: 0 });
  await installation.json('projects', 'create', 'other');
  member = known(await Caller.person(installation, 'owner-of-file', 'member'));
  file = await member.stored(text, { filename: 'private.txt' });
  upload = await member.begin(text.length + 1);
  part = await member.part(upload.id, text);
}, { timeout: 150_000 });
after(async () => { for (const caller of callers) await caller.close(); await engine?.stop(); await installation?.remove(); });

/** What each gets. `none`: nothing of it is there for them; `told`: that it is there, not what is in it; `content`: all. */
type Reach = 'refused' | 'none' | 'told' | 'content';
const everyone: [who: string, reach: Reach, make: () => Promise<Caller>][] = [
  ['a publisher, or whoever else has no credential', 'refused', async () => await Promise.resolve(Caller.nobody(installation))],
  ['somebody with a made-up key', 'refused', async () => await Promise.resolve(Caller.withKey(installation, `mk-pt-${'A'.repeat(43)}`))],
  ['a revoked token', 'refused', async () => {
    const caller = await Caller.operatorsToken(installation, 'revoked');
    await installation.json('tokens', 'revoke', 'revoked');
    return caller;
  }],
  ['an ended session', 'refused', async () => {
    const caller = await Caller.person(installation, 'left', 'member');
    assert.equal((await caller.ask('DELETE', '/api/session')).status, 200);
    return caller;
  }],
  ['an endpoint key', 'refused', async () => {
    await installation.json('engines', 'add', 'null', '--url', engine.url, '--model', 'smollm2-135m-instruct', '--served-model', 'null');
    return Caller.withKey(installation, (await deploy(installation, 'smollm2-135m-instruct', 'chat', '--engine', 'null')).primaryKey);
  }],
  ['another project\'s member', 'none', () => Caller.person(installation, 'neighbour', 'member', { project: 'other' })],
  ['another project\'s member who asks in this one', 'refused', async () => {
    const neighbour = known(await Caller.person(installation, 'intruder', 'member', { project: 'other' }));
    return neighbour.inProject('default');
  }],
  ['another project\'s administrator', 'none', () => Caller.person(installation, 'neighbour-administrator', 'administrator', { project: 'other' })],
  ['another project\'s token', 'none', () => Caller.operatorsToken(installation, 'neighbour-token', 'other')],
  ['another project\'s token that asks in this one', 'refused', async () => (await Caller.operatorsToken(installation, 'intruder-token', 'other')).inProject('default')],
  ['a reader', 'told', () => Caller.person(installation, 'reader', 'reader')],
  ['the administrator credential', 'told', async () => await Promise.resolve(Caller.withKey(installation, /mk-ad-[\w-]{43}/.exec(installation.output)?.[0] ?? 'none'))],
  ['an administrator of the installation, by account', 'told', () => Caller.person(installation, 'operator', 'administrator', { everywhere: true })],
  ['the local user', 'told', async () => await Promise.resolve(Caller.local(installation))],
  ['a token that the local user made', 'told', () => Caller.operatorsToken(installation, 'by-local-user')],
  ['a token that an administrator of the installation made', 'told', async () => tokenOf(await Caller.person(installation, 'operator-2', 'administrator', { everywhere: true }))],
  ['another member', 'content', () => Caller.person(installation, 'colleague', 'member')],
  ['the project\'s administrator', 'content', () => Caller.person(installation, 'lead', 'administrator')],
  ['a token that a member made', 'content', async () => tokenOf(await Caller.person(installation, 'colleague-2', 'member'))],
  ['who uploaded it', 'content', async () => await Promise.resolve(member)],
];
async function tokenOf(maker: Caller): Promise<Caller> {
  const { token } = accepted<{ token: string }>(await known(maker).ask('POST', '/api/tokens', { name: `of-${maker.name}` }));
  return Caller.withKey(installation, token, `token of ${maker.name}`);
}

const isRefused = ({ status, bytes }: Answer): void => {
  assert.ok(status === 401 || status === 403 || status === 404, `${status}`);
  assert.ok(!bytes.includes(text) && !bytes.includes('private.txt'));
};
const isGone = ({ status, bytes }: Answer): void => { assert.equal(status, 404, bytes.toString()); };

for (const [who, reach, make] of everyone) {
  test(`${who}: ${reach}`, async () => {
    const caller = known(await make());
    const complete = await caller.complete(upload.id, [part.id]);
    const answers = { show: await caller.show(file.id), content: await caller.content(file.id), part: await caller.content(file.id, { range: 'bytes=0-3' }), upload: await caller.ask('GET', `/v1/uploads/${upload.id}`) };
    const listed = await caller.ask('GET', '/v1/files');
    if (reach === 'content') {
      assert.equal(answers.content.bytes.toString(), text);
      assert.equal(answers.part.bytes.toString(), text.slice(0, 4));
      assert.equal(complete.code, 'upload_incomplete', 'it was let in, and found wanting');
    } else {
      for (const answer of [answers.content, answers.part, complete]) (reach === 'none' ? isGone : isRefused)(answer);
      if (reach === 'told') for (const each of [answers.content, answers.part]) assert.ok(each.code === 'content_not_yours' || each.code === 'permission_denied', each.code);
    }
    const told = reach === 'told' || reach === 'content';
    if (told) assert.equal(answers.show.body['filename'], 'private.txt'); else isRefused(answers.show);
    assert.equal(listed.bytes.includes(file.id), told);
    if (reach === 'refused' || reach === 'none') {
      isRefused(answers.upload);
      for (const answer of [await caller.remove(file.id), await caller.addPart(upload.id, 'more'), await caller.cancel(upload.id)]) isRefused(answer);
      if (reach === 'none') assert.deepEqual(await caller.list(), []);
    }
    assert.equal((await member.content(file.id)).bytes.toString(), text, 'what was tried did nothing to it');
  });
}

test('a reader changes nothing', async () => {
  const reader = known(await Caller.person(installation, 'reader-2', 'reader'));
  for (const answer of [await reader.upload('x'), await reader.remove(file.id), await reader.addPart(upload.id, 'x'), await reader.cancel(upload.id), await reader.ask('POST', '/v1/uploads', { purpose: 'user_data', filename: 'x', bytes: 1, mime_type: 'text/plain' })]) {
    assert.deepEqual([answer.status, answer.code], [403, 'permission_denied']);
  }
});

test('an operator opens what an operator uploaded, its own token\'s and nobody else\'s', async () => {
  const [local, other] = [known(Caller.local(installation)), known(await Caller.person(installation, 'operator-3', 'administrator', { everywhere: true }))];
  const mine = await local.stored('by the local user');
  assert.equal((await local.content(mine.id)).bytes.toString(), 'by the local user');
  assert.equal((await known(await Caller.operatorsToken(installation, 'by-local-user-2')).content(mine.id)).status, 200);
  assert.equal((await other.content(mine.id)).code, 'content_not_yours');
  assert.equal((await member.content(mine.id)).status, 200, 'members open what is in their project');
});

test('an operator completes no upload of a member\'s: its parts would be opened for somebody else', async () => {
  const begun = await member.begin(4);
  const { id } = await member.part(begun.id, 'abcd');
  const operator = known(Caller.local(installation));
  assert.equal((await operator.complete(begun.id, [id])).code, 'content_not_yours');
  assert.equal((await member.complete(begun.id, [id])).status, 200);
});

test('a member who is made a reader, or removed, opens nothing from then on; a token that they made, until it is revoked', async () => {
  const person = known(await Caller.person(installation, 'demoted', 'member'));
  const token = known(await tokenOf(person));
  const own = await person.stored('my own');
  await installation.json('people', 'role', 'demoted', 'reader');
  assert.equal((await person.content(own.id)).code, 'permission_denied');
  await installation.json('people', 'remove', 'demoted', '--everywhere');
  isRefused(await person.content(own.id));
  assert.equal((await token.content(file.id)).status, 200);
  await installation.json('tokens', 'revoke', 'of-demoted');
  assert.equal((await token.content(file.id)).code, 'invalid_api_key');
});

describe('with the database and every file but the keys', () => {
  /** Every 32 bytes that a text could hold: in hexadecimal, in base64. */
  function written(text: string): Buffer[] {
    const hex = [...text.matchAll(/[0-9a-f]{64}/gi)].map(([each]) => Buffer.from(each, 'hex'));
    return [...hex, ...[...text.matchAll(/[\w+/-]{43}/g)].map(([each]) => Buffer.from(each, 'base64'))].filter(({ length }) => length === 32);
  }
  const runs = (bytes: Buffer): Buffer[] => Array.from({ length: Math.max(0, bytes.length - 31) }, (_, at) => bytes.subarray(at, at + 32));
  /** Whether it is the data key of the layer: by the commitment in the header, as docs/sealed-object.md has it. */
  function isKey(key: Buffer, layer: 'customer' | 'platform', sealed: Buffer, identity: string[]): boolean {
    const at = layer === 'customer' ? 19 : 83;
    const context = Buffer.concat(['modelkeep/sealed/1', layer, ...identity].flatMap((each) => [Buffer.from([0, 0, 0, each.length]), Buffer.from(each)]));
    return Buffer.from(hkdfSync('sha256', key, sealed.subarray(at, at + 32), context, 64)).subarray(32).equals(sealed.subarray(at + 32, at + 64));
  }

  test('no object opens, with any value that lies there as a key; with the keys folder one does', { timeout: 120_000 }, async (t) => {
    const { object, bytes, project: owner } = await atRest(installation, file);
    const sealed = readFileSync(bytes);
    const found = new Map<string, Buffer>();
    const note = (values: Buffer[]): void => { for (const each of values) found.set(each.toString('hex'), each); };
    const below = (folder: string): string => join(installation.data, folder);
    for (const path of filesBelow(installation.data).filter((each) => !each.startsWith(below(dataLayout.keys)))) {
      const content = readFileSync(path);
      note(written(content.toString('latin1')));
      if (!path.startsWith(below(dataLayout.postgres)) && content.length < 1e5) note(runs(content));
    }
    await dumpTables(embeddedUrl(installation.run), (_, row) => note(written(row)));
    t.diagnostic(`${found.size} values tried`);
    assert.ok(found.size > 1000);
    const identity = [owner, 'file', object];
    const that = (layer: 'customer' | 'platform'): Buffer | undefined => [...found.values()].find((key) => isKey(key, layer, sealed, identity));
    assert.deepEqual([that('customer'), that('platform')], [undefined, undefined]);

    const keysFolder = below(dataLayout.keys);
    const root = openRootKey(keysFolder, true);
    const held = await new DataKeys(keysFolder, root, new PlatformKeys(keysFolder, root), new CustomerKeys(keysFolder, root)).release({ project: owner, object, kind: 'file' } as KeyOrder);
    const [platform, customer] = [held.subarray(0, 32), held.subarray(32)];
    note([platform, customer]);
    assert.ok(that('customer')?.equals(customer) && that('platform')?.equals(platform), 'the search finds the keys where they are');
    const folder = mkdtempSync(join(tmpdir(), 'mk-operator-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const open = async (keys: Record<'customer' | 'platform', Buffer>): Promise<number> => {
      writeFileSync(join(folder, 'keys.json'), JSON.stringify({ owner, purpose: 'file', object, customer: keys.customer.toString('hex'), platform: keys.platform.toString('hex') }));
      return (await command(process.execPath, [join(project, 'tools/open-sealed.mjs'), bytes, join(folder, 'keys.json'), '-o', join(folder, 'plain')])).code;
    };
    for (const keys of [{ customer, platform: customer }, { customer: platform, platform }, { customer: platform, platform: customer }]) assert.equal(await open(keys), 1, 'one layer\'s key is not enough');
    assert.equal(await open({ customer, platform }), 0);
    assert.equal(readFileSync(join(folder, 'plain'), 'utf8'), text);
  });
});
