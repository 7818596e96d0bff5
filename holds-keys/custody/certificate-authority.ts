/** The installation's own certificate authority: ECDSA P-256, its key in a file of custody, its certificate public. */
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import type { webcrypto as WebCrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { KeysUnreadable } from './root-key.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 86_400_000;
const pem = (label: string, der: ArrayBuffer): string => `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64').match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END ${label}-----\n`;
const serial = (): string => randomBytes(16).toString('hex').replace(/^[89a-f]/, '1');
const makeKeys = (): Promise<WebCrypto.CryptoKeyPair> => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const privatePem = async (key: WebCrypto.CryptoKey): Promise<string> => pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', key));

export interface Authority { certificate: x509.X509Certificate; key: WebCrypto.CryptoKey }

function write(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode, flush: true });
  renameSync(`${path}.new`, path);
}

async function create(folder: string): Promise<void> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(), name: `CN=Modelkeep ${randomBytes(4).toString('hex')} authority`, keys, signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 3650 * day),
    extensions: [new x509.BasicConstraintsExtension(true, 0, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true), await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)],
  });
  write(join(folder, 'ca.key'), await privatePem(keys.privateKey), 0o400);
  write(join(folder, 'ca.pem'), `${certificate.toString('pem')}\n`, 0o644);
}

/** Opens the authority in `folder`, creating it at the first use. */
export async function openAuthority(folder: string): Promise<Authority> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(join(folder, 'ca.pem'))) await create(folder);
  if ((statSync(join(folder, 'ca.key')).mode & 0o077) !== 0) throw new KeysUnreadable('mode');
  const der = Buffer.from(readFileSync(join(folder, 'ca.key'), 'utf8').replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  return {
    certificate: new x509.X509Certificate(readFileSync(join(folder, 'ca.pem'), 'utf8')),
    key: await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']),
  };
}

/** A server certificate for DNS names and IP addresses, 90 days; issued anew at each start of the gateway. */
export async function issueServerCertificate(authority: Authority, names: string[]): Promise<{ certificate: string; key: string; authority: string }> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(), subject: `CN=${names.find((name) => isIP(name) === 0) ?? 'modelkeep'}`, issuer: authority.certificate.subject,
    publicKey: keys.publicKey, signingKey: authority.key, signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 90 * day),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) ? 'ip' as const : 'dns' as const, value }))),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await privatePem(keys.privateKey), authority: authority.certificate.toString('pem') };
}
