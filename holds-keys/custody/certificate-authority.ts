/** The installation's own certificate authority: ECDSA P-256, its key in a file of custody, its certificate public. */
import 'reflect-metadata';
import { X509Certificate, createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import type { webcrypto as WebCrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { algorithm, makeKeys, privatePem, serialNumber, validFor } from './certificate.ts';
import { keyFiles, readKeyFile, writeKeyFile } from './key-file.ts';
import { KeysUnreadable } from './keys-unreadable.ts';

export interface Authority { certificate: x509.X509Certificate; key: WebCrypto.CryptoKey }

/** The certificate is written last: where it stands, the key does. */
async function create(folder: string): Promise<void> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(), name: `CN=Modelkeep ${randomBytes(4).toString('hex')} authority`, keys, signingAlgorithm: algorithm, ...validFor(3650),
    extensions: [new x509.BasicConstraintsExtension(true, 0, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true), await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)],
  });
  writeKeyFile(join(folder, 'ca.key'), await privatePem(keys.privateKey), 0o400);
  writeKeyFile(join(folder, 'ca.pem'), `${certificate.toString('pem')}\n`, 0o644);
}

/** Opens the authority in `folder`, creating it at the first use. @throws KeysUnreadable */
export async function openAuthority(folder: string): Promise<Authority> {
  if (!keyFiles(folder).includes('ca.pem')) await create(folder);
  const keyPem = readKeyFile(join(folder, 'ca.key'));
  try {
    const pem = readFileSync(join(folder, 'ca.pem'), 'utf8');
    const key = createPrivateKey(keyPem);
    if (!new X509Certificate(pem).checkPrivateKey(key)) throw new KeysUnreadable('authority');
    const der = key.export({ type: 'pkcs8', format: 'der' });
    return { certificate: new x509.X509Certificate(pem), key: await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']) };
  } catch { throw new KeysUnreadable('authority'); }
}
