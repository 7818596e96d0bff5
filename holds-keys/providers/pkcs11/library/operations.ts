/** What is done with the customer's token, one function an operation. */
import { requests } from '../library-protocol.ts';
import type { Operation, RequestOf, ResultOf } from '../library-protocol.ts';
import { decrypt, encrypt } from './aes-gcm.ts';
import { Cryptoki } from './cryptoki.ts';
import { LibraryFailure } from './failure.ts';
import { CryptokiRefusal } from './functions.ts';
import { generateVersion, kidOf, newestVersion, versionOf } from './key-versions.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';

let opened: { session: Session; label: string } | undefined;
function open(): { session: Session; label: string } {
  if (!opened) throw new LibraryFailure('misconfigured', 'unexpected');
  return opened;
}
const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

function load(path: string): Cryptoki {
  try { return new Cryptoki(path); } catch (error) {
    if (error instanceof CryptokiRefusal) throw error;
    throw new LibraryFailure('misconfigured', 'library_unusable');
  }
}

const implementation: { [O in Operation]: (request: RequestOf<O>, library: string) => ResultOf<O> } = {
  open: (opening, library) => {
    opened = { session: openSession(load(library), opening), label: opening.key };
    return {};
  },
  current: () => {
    const { session, label } = open();
    return { kid: kidOf(session, label, newestVersion(session, label)) };
  },
  wrap: ({ key, context }) => {
    const { session, label } = open();
    const version = newestVersion(session, label);
    const plain = bytes(key);
    const { ciphertext, iv, tag } = encrypt(session, version.handle, plain, bytes(context));
    plain.fill(0);
    return { kid: kidOf(session, label, version), ciphertext: ciphertext.toString('base64'), iv: iv.toString('base64'), tag: tag.toString('base64') };
  },
  unwrap: ({ kid, ciphertext, iv, tag, context }) => {
    const { session, label } = open();
    const plain = decrypt(session, versionOf(session, label, kid).handle, { ciphertext: bytes(ciphertext), iv: bytes(iv), tag: bytes(tag) }, bytes(context));
    const key = plain.toString('base64');
    plain.fill(0);
    return { key };
  },
  rotate: () => {
    const { session, label } = open();
    return { kid: kidOf(session, label, { id: generateVersion(session, label) }) };
  },
};

/** @throws LibraryFailure, CryptokiRefusal */
export function operate<O extends Operation>(library: string, operation: O, body: unknown): ResultOf<O> {
  return implementation[operation](requests[operation].parse(body) as RequestOf<O>, library);
}
