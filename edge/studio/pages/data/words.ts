/** What the operations of files and datastores answer. */
import type { AnswerOf } from '../../api/call.ts';

export type StoredFile = AnswerOf<'listFiles'>['data'][number];
export type Datastore = AnswerOf<'listDatastores'>['data'][number];

/** Unix seconds as RFC 3339. */
export const atOf = (seconds: number): string => new Date(seconds * 1000).toISOString();
