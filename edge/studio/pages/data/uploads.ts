/** Uploads, above the pages: they go on while the page is left, two at a time, until the tab is closed. Files stay where they are on the person's disk. */
import { useSyncExternalStore } from 'react';
import type { FileObject } from '#contract/http/files.ts';
import type { ApiError } from '../../api/call.ts';
import { isUnderWay } from './shown-uploads.ts';
import { giveUp, transfer } from './transfer.ts';
import type { Begun, Order, Stage } from './transfer.ts';

export interface Upload {
  id: number; file: File; order: Order;
  /** Bytes that are on their way or there. */
  sent: number;
  stage: Stage | { at: 'queued' } | { at: 'done'; made: FileObject } | { at: 'failed'; error: ApiError } | { at: 'cancelled' };
}
interface Kept { upload: Upload; begun: Begun; controller: AbortController; onEnd: () => void }

const atOnce = 2;
let nextId = 1;
let kept: readonly Kept[] = [];
let shown: readonly Upload[] = [];
const listeners = new Set<() => void>();

/** The server has refused the file itself: to go on with what it has of it is of no use. */
const isFinal = ({ status }: ApiError): boolean => [400, 404, 409, 413, 415].includes(status);
const isRunning = ({ upload }: Kept): boolean => isUnderWay(upload) && upload.stage.at !== 'queued';

/** Closing the tab would end them: the browser asks. */
const ask = (event: BeforeUnloadEvent): void => event.preventDefault();

function tell(): void {
  shown = kept.map(({ upload }) => upload);
  if (shown.some(isUnderWay)) window.addEventListener('beforeunload', ask); else window.removeEventListener('beforeunload', ask);
  for (const listener of listeners) listener();
}
function become(id: number, change: Partial<Upload>): void {
  const entry = kept.find(({ upload }) => upload.id === id);
  if (!entry) return;
  entry.upload = { ...entry.upload, ...change };
  tell();
}
const subscribe = (listener: () => void): (() => void) => { listeners.add(listener); return () => listeners.delete(listener); };

/** `onEnd`: one of them has ended, however it did. */
export function add(files: readonly File[], order: Order, onEnd: () => void): void {
  kept = [...kept, ...files.map((file): Kept => ({ upload: { id: nextId++, file, order, sent: 0, stage: { at: 'queued' } }, begun: { upload: undefined, parts: [] }, controller: new AbortController(), onEnd }))];
  advance();
}

export function cancel(id: number): void {
  const entry = kept.find(({ upload }) => upload.id === id);
  if (!entry || !isUnderWay(entry.upload)) return;
  become(id, { stage: { at: 'cancelled' } });
  entry.controller.abort();
  advance();
}

/** Goes on where it ended: parts that arrived are not sent again. */
export function retry(id: number): void {
  const entry = kept.find(({ upload }) => upload.id === id);
  if (!entry || isUnderWay(entry.upload)) return;
  if (entry.upload.stage.at === 'cancelled') entry.begun = { upload: undefined, parts: [] };
  entry.controller = new AbortController();
  become(id, { stage: { at: 'queued' } });
  advance();
}

/** Takes it off the list; what has arrived of an unfinished one is destroyed. */
export function dismiss(id: number): void {
  const entry = kept.find(({ upload }) => upload.id === id);
  if (!entry || isUnderWay(entry.upload)) return;
  if (entry.upload.stage.at === 'failed') void giveUp(entry.begun, entry.upload.order);
  kept = kept.filter((each) => each !== entry);
  tell();
}

function advance(): void {
  const free = atOnce - kept.filter(isRunning).length;
  for (const entry of kept.filter(({ upload }) => upload.stage.at === 'queued').slice(0, Math.max(0, free))) void run(entry);
  tell();
}

async function run(entry: Kept): Promise<void> {
  const { upload: { id, file, order }, begun, controller: { signal } } = entry;
  become(id, { stage: { at: 'sending' }, sent: 0 });
  const unless = <T>(work: (value: T) => void) => (value: T): void => { if (!signal.aborted) work(value); };
  try {
    const made = await transfer(file, order, begun, { signal, onSent: unless((sent) => become(id, { sent })), onStage: unless((stage) => become(id, { stage })) });
    become(id, { stage: { at: 'done', made }, sent: file.size });
  } catch (error) {
    if (signal.aborted || isFinal(error as ApiError)) await giveUp(begun, order);
    if (!signal.aborted) { if (isFinal(error as ApiError)) entry.begun = { upload: undefined, parts: [] }; become(id, { stage: { at: 'failed', error: error as ApiError } }); }
  }
  entry.onEnd();
  advance();
}

/** Those of a project, oldest first. */
export function useUploads(project: string): readonly Upload[] {
  const all = useSyncExternalStore(subscribe, () => shown);
  return all.filter(({ order }) => order.project === project);
}
