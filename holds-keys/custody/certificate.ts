/** What both certificates of the authority have in common. */
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import type { webcrypto as WebCrypto } from 'node:crypto';

export const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
export const dayMs = 86_400_000;

/** 16 bytes whose first is 0x40 to 0x4f: positive, and never shorter in DER than written. */
export const serialNumber = (): string => `4${randomBytes(16).toString('hex').slice(1)}`;

/** From yesterday, for machines whose clocks differ. */
export const validFor = (days: number): { notBefore: Date; notAfter: Date } => ({ notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + days * dayMs) });

export const makeKeys = (): Promise<WebCrypto.CryptoKeyPair> => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

/** PKCS #8 in PEM. */
export async function privatePem(key: WebCrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END PRIVATE KEY-----\n`;
}
