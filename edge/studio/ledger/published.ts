/** The published ledger, as checks in this page read it. */
import { readPublished } from '../api/call.ts';
import type { Read } from '../../verify/tree.ts';

/** Browsers have no signatures to check in a page that came over an open network. */
export const cannotCheck = window.isSecureContext ? undefined : 'Browsers check signatures only in pages that came over TLS or from this machine itself. Start Modelkeep with --tls, or run modelkeep-verify.';

export const readerOf = (signal: AbortSignal): Read => async (path) => await readPublished(path, signal);

/** Undefined where nothing is published yet. */
export const newestNote = async (signal?: AbortSignal): Promise<Uint8Array | undefined> => await readPublished('checkpoint', signal);

/** The size that a checkpoint is of, before anyone has checked it. */
export const sizeIn = (note: Uint8Array): number => Number(new TextDecoder().decode(note).split('\n')[1] ?? 0);
