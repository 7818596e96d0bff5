import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { connect } from 'node:tls';
import { openAuthority } from './certificate-authority.ts';
import { issueServerCertificate } from './issue-server-certificate.ts';
import { KeysUnreadable } from './keys-unreadable.ts';

const folders: string[] = [];
let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'mk-ca-')); folders.push(folder); });
after(() => { for (const each of folders) rmSync(each, { recursive: true, force: true }); });

const names = ['localhost', '127.0.0.1', '::1', 'models.example.org'];

/** What a TLS client that trusts `ca` says of a server that it knows by `servername` or `host`. */
async function handshake(issued: { certificate: string; key: string }, ca: string, options: { servername?: string; host: string }): Promise<string> {
  const server = createServer({ cert: issued.certificate, key: issued.key });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await new Promise((resolve) => {
      const socket = connect({ ...options, host: '127.0.0.1', port: (server.address() as AddressInfo).port, ca, minVersion: 'TLSv1.2', servername: options.servername ?? '' }, () => { socket.end(); resolve('trusted'); });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    });
  } finally { server.close(); }
}

test('a client that was given the authority trusts the server by name and by address, and nobody else does', async () => {
  const issued = await issueServerCertificate(await openAuthority(folder), names);
  assert.equal(await handshake(issued, issued.authority, { host: 'localhost', servername: 'localhost' }), 'trusted');
  assert.equal(await handshake(issued, issued.authority, { host: '127.0.0.1' }), 'trusted');
  assert.equal(await handshake(issued, issued.authority, { host: '127.0.0.1', servername: 'elsewhere.example.org' }), 'ERR_TLS_CERT_ALTNAME_INVALID');
  const stranger = await issueServerCertificate(await openAuthority(mkdtempSync(join(folder, 'other-'))), names);
  assert.notEqual(await handshake(issued, stranger.authority, { host: 'localhost', servername: 'localhost' }), 'trusted');
});

test('a certificate names what was asked for, lives 90 days, and cannot issue others', async () => {
  const certificate = new X509Certificate((await issueServerCertificate(await openAuthority(folder), names)).certificate);
  assert.equal(certificate.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:models.example.org');
  assert.equal(certificate.ca, false);
  const days = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000;
  assert.ok(days > 89 && days <= 90);
});

test('serial numbers are positive and well-formed, whatever the random bytes', async () => {
  const authority = await openAuthority(folder);
  for (let i = 0; i < 50; i++) {
    const certificate = new X509Certificate((await issueServerCertificate(authority, ['localhost'])).certificate);
    assert.match(certificate.serialNumber, /^4[0-9A-F]{31}$/);
  }
});

test('lifecycle: the authority is the same at every start', async () => {
  const first = (await openAuthority(folder)).certificate.toString('pem');
  assert.equal((await openAuthority(folder)).certificate.toString('pem'), first);
  assert.equal(statSync(join(folder, 'ca.key')).mode & 0o777, 0o400);
});

const refused = (reason: KeysUnreadable['reason']) => (error: unknown): boolean => error instanceof KeysUnreadable && error.reason === reason;

test('exposure, corruption, substitution: an authority that is not as it was left is refused', async () => {
  await openAuthority(folder);
  chmodSync(join(folder, 'ca.key'), 0o644);
  await assert.rejects(openAuthority(folder), refused('mode'));
  chmodSync(join(folder, 'ca.key'), 0o600);
  writeFileSync(join(folder, 'ca.key'), 'not a key');
  await assert.rejects(openAuthority(folder), refused('authority'));
  rmSync(join(folder, 'ca.key'));
  await assert.rejects(openAuthority(folder), refused('access'));
  const other = mkdtempSync(join(folder, 'other-'));
  await openAuthority(other);
  writeFileSync(join(folder, 'ca.key'), readFileSync(join(other, 'ca.key')), { mode: 0o400 });
  await assert.rejects(openAuthority(folder), refused('authority'), 'the key of another authority');
});
