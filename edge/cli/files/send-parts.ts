/** The parts of an upload, two at a time. */
import { operations } from '#contract/operations.ts';
import type { Client } from '../client.ts';
import { persist, Pulse } from '../persistence.ts';
import { formOf } from './form.ts';
import type { Teller } from './send-file.ts';
import type { SourceFile } from './source-file.ts';
import { arrivedBytes, partCount, partLength } from './upload-record.ts';
import type { UploadRecord } from './upload-record.ts';

const atOnce = 2;

/** Sends what the record lacks, and enters each part when it has arrived. `keep` is called after each. @throws CliError */
export async function sendParts(client: Client, source: SourceFile, record: UploadRecord, keep: (record: UploadRecord) => void, tell: Teller, outer: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  const missing = Array.from({ length: partCount(record) }, (_, at) => at).filter((at) => !record.parts.some((part) => part.at === at));
  /** Bytes of parts that are under way, by their place. */
  const underWay = new Map<number, number>();
  const show = (): void => tell.sent(arrivedBytes(record) + [...underWay.values()].reduce((sum, bytes) => sum + bytes, 0));

  const send = async (at: number): Promise<void> => {
    const pulse = new Pulse(signal);
    const bytes = partLength(record, at);
    underWay.set(at, 0);
    try {
      const form = formOf({}, { field: 'data', name: `part-${at}`, bytes, read: () => source.read(at * record.partBytes, bytes) }, (taken) => {
        pulse.beat();
        underWay.set(at, (underWay.get(at) ?? 0) + taken);
        show();
      });
      const part = await client.sendForm(operations.addUploadPart, { upload: record.upload }, form, pulse.signal);
      record.parts.push({ at, id: part.id, bytes });
      keep(record);
    } finally { pulse.end(); underWay.delete(at); }
  };
  const lane = async (): Promise<void> => {
    for (let at = missing.shift(); at !== undefined; at = missing.shift()) {
      const place = at;
      await persist(client, signal, () => send(place));
    }
  };
  show();
  const lanes = Array.from({ length: atOnce }, lane);
  try { await Promise.all(lanes); } catch (error) {
    stop.abort(error);
    await Promise.allSettled(lanes);
    throw error;
  }
}
