/** The recorder sees every kind of way out, and the judge finds no declaration for what has none: tried with a leak planted on purpose. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { command } from '../installation.ts';
import type { Entry } from './entry.ts';
import { declarationOf, judge } from './judge.ts';
import { EgressRecord } from './recorded.ts';

const leak = 'testing/egress/planted-leak.ts';
const record = new EgressRecord();
const server = createServer((_request, response) => { response.end('here'); });
let port = 0;
let entries: Entry[] = [];
before(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
  const { code, stderr } = await command(process.execPath, [fileURLToPath(new URL('planted-leak.ts', import.meta.url)), String(port)], record.env);
  assert.equal(code, 0, stderr);
  entries = record.entries().filter(({ kind }) => kind !== 'started');
});
after(() => { server.closeAllConnections(); server.close(); record.remove(); });

test('every planted connection, datagram, look-up and program is recorded with the file that caused it', () => {
  const found = (kind: Entry['kind'], target: string): Entry[] => entries.filter((entry) => entry.kind === kind && entry.target === target);
  // fetch, undici, node:http, node:net and node:tls, each on its own connection.
  assert.equal(found('connect', `127.0.0.1:${port}`).length, 5);
  assert.equal(found('connect', '/nowhere/leak.sock')[0]?.where, 'unix');
  assert.ok(found('lookup', 'localhost').length >= 1);
  assert.ok(entries.some(({ kind, target }) => kind === 'datagram' && target?.includes(String(port))));
  assert.equal(found('spawn', '/bin/true').length, 1);
  assert.deepEqual(entries.filter(({ by }) => !by?.includes(leak)), []);
});

test('none of it is declared, not even if the gateway or control had done it, to where they may connect', () => {
  const targets = { external_engine: [`127.0.0.1:${port}`], model_hub: [`127.0.0.1:${port}`] };
  for (const main of [leak, 'sees-content/gateway/main.ts', 'never-sees-content/server/main.ts']) {
    const { declared, undeclared } = judge(entries.map((entry) => ({ ...entry, main })), { runFolders: ['/nowhere'], targets });
    assert.deepEqual([declared.size, undeclared.length], [0, entries.length], main);
  }
});

describe('a connection is declared by process, source file and target together', () => {
  const pull: Entry = { main: 'never-sees-content/server/main.ts', kind: 'connect', where: 'loopback', target: '127.0.0.1:1', by: ['never-sees-content/catalog/pull/sources/http-download.ts'] };
  const circumstances = { runFolders: ['/run/mk'], targets: { model_hub: ['127.0.0.1:1'] } };
  const socket: Entry = { main: 'sees-content/gateway/main.ts', kind: 'connect', where: 'unix', target: '/run/mk/control.sock', by: ['sees-content/gateway/control-client.ts'] };
  const pip: Entry = { ...pull, kind: 'spawn', target: 'python3', by: ['never-sees-content/catalog/pull/sources/pypi.ts'] };
  const pipCircumstances = { ...circumstances, targets: { python_index: ['python3'] } };
  test('as declared', () => {
    assert.equal(declarationOf({ ...pull, kind: 'lookup', target: '127.0.0.1' }, circumstances), 'destination model_hub');
    assert.deepEqual([declarationOf(pull, circumstances), declarationOf(socket, circumstances), declarationOf(pip, pipCircumstances)], ['destination model_hub', 'local control', 'destination python_index']);
  });
  for (const [name, entry] of [
    ['another process', { ...pull, main: 'sees-content/gateway/main.ts' }], ['a process that nobody knows', { ...pull, main: 'never-sees-content/metering/export.ts' }],
    ['another source file', { ...pull, by: ['never-sees-content/metering/record-usage.ts'] }], ['another target', { ...pull, target: '203.0.113.1:443', where: 'other' }],
    ['no source file at all', { ...pull, by: [] }], ['a datagram', { ...pull, kind: 'datagram' }], ['a look-up of another name', { ...pull, kind: 'lookup', target: 'example.org' }],
    ['a socket of another folder', { ...socket, target: '/tmp/control.sock' }], ['another socket', { ...socket, target: '/run/mk/supervisor.sock' }], ['another program', { ...pip, target: 'curl' }],
  ] as [string, Entry][]) test(`${name}: undeclared`, () => assert.equal(declarationOf(entry, entry.kind === 'spawn' ? pipCircumstances : circumstances), undefined));
});
