/** key-custody's operations on its local socket. It never sees content and has no TCP listener. */
import { z } from 'zod';

/** What a key is for: bound into its derivation, so that a key of one purpose is useless for another. */
export const Purpose = z.enum(['credential-hash', 'cache-scope']);
export type Purpose = z.output<typeof Purpose>;

/** `POST /mint-credential`: makes a credential and its keyed hash. Custody keeps neither. */
export const MintCredential = {
  request: z.strictObject({ prefix: z.enum(['mk-ek-', 'mk-pt-', 'mk-ad-', 'mk-ss-', 'mk-sl-']) }),
  response: z.object({ credential: z.string(), hash: z.string().regex(/^[0-9a-f]{64}$/), hint: z.string() }),
};
/** `POST /release-key`: a 32-byte key of one purpose, base64, to the gateway, which holds it in memory. */
export const ReleaseKey = {
  request: z.strictObject({ purpose: Purpose }),
  response: z.object({ key: z.base64() }),
};
/** `POST /sign-checkpoint`: a checkpoint of the ledger as a signed note (C2SP tlog-checkpoint, signed-note, Ed25519), and the key that verifies it. */
export const SignCheckpoint = {
  request: z.strictObject({
    /** Name of the log and of its key. */
    origin: z.string().regex(/^[\w./-]{1,200}$/),
    /** Number of entries, and the RFC 6962 root hash over them, base64. */
    size: z.int().min(0), root: z.base64().length(44),
  }),
  response: z.object({ note: z.string(), verifierKey: z.string() }),
};
/** `POST /issue-server-certificate`: a certificate of the installation's own authority for the given names, and its key. */
export const IssueServerCertificate = {
  request: z.strictObject({ names: z.array(z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/)).min(1).max(50) }),
  response: z.object({ certificate: z.string(), key: z.string(), authority: z.string() }),
};
/** `POST /sign-report`: Ed25519 over the SHA-256 of an audit's report, and the PEM of the key that verifies it. */
export const SignReport = {
  request: z.strictObject({ /** Hexadecimal. */ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  response: z.object({ signature: z.base64(), publicKey: z.string() }),
};
