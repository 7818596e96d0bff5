/** A file's content to the person's disk: nothing of it is kept by the page. Large ones are written where the person says while they come. */
import { useEffect, useRef, useState } from 'react';
import { ApiError, refusalOf, send } from '../../api/call.ts';
import { download } from '../../frame/download.ts';
import type { StoredFile } from './words.ts';

/** Up to here the page gathers it in memory and hands it to the browser's own "save as". Bytes. */
const gathered = 64 * 2 ** 20;
interface Target { write: (piece: Uint8Array) => Promise<void> | void; close: () => Promise<void> | void; abort: () => Promise<void> | void }
interface Picking { showSaveFilePicker?: (options: { suggestedName: string }) => Promise<{ createWritable: () => Promise<{ write: (piece: Uint8Array) => Promise<void>; close: () => Promise<void>; abort: () => Promise<void> }> }> }

/** `received`: bytes so far; undefined where nothing is under way. */
export interface Downloading { received: number | undefined; error: Error | undefined; start: () => void; stop: () => void }

export function useDownload(file: StoredFile): Downloading {
  const [received, setReceived] = useState<number>();
  const [error, setError] = useState<Error>();
  const controller = useRef<AbortController>(undefined);
  useEffect(() => () => controller.current?.abort(), []);
  const start = (): void => {
    const { signal } = controller.current = new AbortController();
    setError(undefined);
    setReceived(0);
    fetchTo(file, signal, setReceived).catch((failure: unknown) => { if (!signal.aborted && !isCancelled(failure)) setError(failure as Error); }).finally(() => setReceived(undefined));
  };
  return { received, error, start, stop: () => controller.current?.abort() };
}

async function fetchTo(file: StoredFile, signal: AbortSignal, onReceived: (bytes: number) => void): Promise<void> {
  const target = await targetFor(file);
  try {
    const answer = await send('fileContent', { params: { file: file.id }, signal });
    if (!answer.ok) throw await refusalOf(answer);
    let received = 0;
    const reader = answer.body?.getReader();
    for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
      await target.write(next.value);
      onReceived(received += next.value.length);
    }
    if (received !== file.bytes) throw new ApiError('unreachable', 'The connection was cut before the file\'s end. Download it again.', 0);
    await target.close();
  } catch (error) {
    await target.abort();
    throw error instanceof ApiError || signal.aborted ? error : new ApiError('unreachable', 'The connection was cut before the file\'s end. Download it again.', 0);
  }
}

async function targetFor({ bytes, filename }: StoredFile): Promise<Target> {
  const { showSaveFilePicker } = window as Picking;
  if (bytes > gathered && showSaveFilePicker) return await (await showSaveFilePicker.call(window, { suggestedName: filename })).createWritable();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  return { write: (piece) => { pieces.push(piece.slice()); }, close: () => download(filename, new Blob(pieces)), abort: () => { pieces.length = 0; } };
}

/** The person closed the browser's "save as". */
const isCancelled = (failure: unknown): boolean => failure instanceof DOMException && failure.name === 'AbortError';
