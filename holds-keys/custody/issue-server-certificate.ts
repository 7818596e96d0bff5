/** Issues a server certificate for DNS names and IP addresses, 90 days; asked for anew at each start of the gateway. */
import 'reflect-metadata';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { z } from 'zod';
import type { IssueServerCertificate } from '#contract/internal/custody.ts';
import type { Authority } from './certificate-authority.ts';
import { algorithm, makeKeys, privatePem, serialNumber, validFor } from './certificate.ts';

export async function issueServerCertificate(authority: Authority, names: string[]): Promise<z.output<typeof IssueServerCertificate.response>> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(), subject: 'CN=modelkeep', issuer: authority.certificate.subject,
    publicKey: keys.publicKey, signingKey: authority.key, signingAlgorithm: algorithm, ...validFor(90),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) ? 'ip' as const : 'dns' as const, value }))),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await privatePem(keys.privateKey), authority: authority.certificate.toString('pem') };
}
