/** Signed notes with one Ed25519 key (https://c2sp.org/signed-note) and the checkpoint in them (https://c2sp.org/tlog-checkpoint). */
import { VerificationFailure } from './failure.ts';

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
export interface VerifierKey { name: string; id: Uint8Array; key: Key }
/** `root`: 32 bytes. */
export interface Checkpoint { origin: string; size: number; root: Uint8Array }

type Bytes = Uint8Array<ArrayBuffer>;
export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
export const sha256 = async (...parts: Uint8Array[]): Promise<Bytes> => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
};
export const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

export async function verifyEd25519(publicKey: Bytes, signature: Bytes, signed: Bytes): Promise<boolean> {
  if (publicKey.length !== 32) return false;
  return await crypto.subtle.verify('Ed25519', await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']), signature, signed);
}

/** Canonical base64 only: one spelling for one value. */
export function base64(text: string): Bytes | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return btoa(String.fromCharCode(...bytes)) === text ? bytes : undefined;
  } catch { return undefined; }
}

/** @throws VerificationFailure key_malformed */
export async function parseVerifierKey(text: string): Promise<VerifierKey> {
  const [, name = '', hash = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n?$/.exec(text) ?? [];
  const typed = base64(encoded);
  if (typed?.length !== 33 || typed[0] !== 1) throw new VerificationFailure('key_malformed');
  const id = (await sha256(utf8(`${name}\n`), typed)).subarray(0, 4);
  if ([...id].map((byte) => byte.toString(16).padStart(2, '0')).join('') !== hash) throw new VerificationFailure('key_malformed');
  return { name, id, key: await crypto.subtle.importKey('raw', typed.subarray(1), 'Ed25519', false, ['verify']) };
}

/** Opens a checkpoint. Signatures by other keys, such as those of witnesses, are passed over. @throws VerificationFailure */
export async function openCheckpoint(bytes: Uint8Array, by: VerifierKey): Promise<Checkpoint> {
  let note: string;
  try { note = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes); } catch { throw new VerificationFailure('note_malformed'); }
  const [, text = '', signatures = ''] = /^([^]*?\n)\n((?:\u2014 [^\s+]+ [A-Za-z0-9+/=]+\n)+)$/.exec(note) ?? [];
  const [, origin = '', size = '', encoded = ''] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/=]{44})\n(?:[^\n]+\n)*$/.exec(text) ?? [];
  const root = base64(encoded);
  if (root?.length !== 32) throw new VerificationFailure('note_malformed');
  let signed = false;
  for (const line of signatures.split('\n').slice(0, -1)) {
    const [, name, value = ''] = line.split(' ');
    const signature = base64(value);
    if (!signature || signature.length < 5) throw new VerificationFailure('note_malformed');
    if (name !== by.name || !equal(signature.subarray(0, 4), by.id)) continue;
    if (!await crypto.subtle.verify('Ed25519', by.key, signature.subarray(4), utf8(text))) throw new VerificationFailure('note_signature');
    signed = true;
  }
  if (!signed) throw new VerificationFailure('note_signature');
  if (origin !== by.name) throw new VerificationFailure('origin_differs');
  return { origin, size: Number(size), root };
}
