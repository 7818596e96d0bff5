/** The ledger as C2SP tlog-tiles (https://c2sp.org/tlog-tiles): read-only, for anyone, cacheable. Bodies are not JSON. */
import { z } from 'zod';
import { personal, pub } from '../marks.ts';
import { ProjectId, Time } from '../names.ts';
import { operation } from '../operation.ts';
import { DeletionCertificate, Opening } from '../deletion.ts';
import { ProvenEntry } from '../receipt.ts';
import { Scope } from '../roles.ts';

const Segment = z.string().regex(/^(x?\d{3}|\d{3}\.p|\d{1,3})$/);

export const ledgerCheckpoint = operation({
  id: 'ledgerCheckpoint', summary: 'The newest checkpoint of the ledger: a signed note with its size and root hash', tag: 'ledger', method: 'GET', path: '/ledger/checkpoint',
  access: 'none', servedBy: 'control', media: 'text/plain; charset=utf-8', response: pub(z.string()), errors: ['not_found', 'control_unavailable'],
});
export const ledgerKey = operation({
  id: 'ledgerKey', summary: 'The verifier key of the ledger\'s signed notes', tag: 'ledger', method: 'GET', path: '/ledger/key',
  access: 'none', servedBy: 'control', media: 'text/plain; charset=utf-8', response: pub(z.string()), errors: ['not_found', 'control_unavailable'],
});
/** `level` is a number, or `entries` for the leaves themselves. The index is spelled in groups of three digits (`x001/x234/067`), a partial tile ends in `.p/WIDTH`. */
export const ledgerTile = operation({
  id: 'ledgerTile', summary: 'A tile of 256 hashes of the ledger\'s tree, or of its entries', tag: 'ledger', method: 'GET', path: '/ledger/tile/{level}/{a}',
  aliases: ['/ledger/tile/{level}/{a}/{b}', '/ledger/tile/{level}/{a}/{b}/{c}', '/ledger/tile/{level}/{a}/{b}/{c}/{d}'],
  access: 'none', servedBy: 'control', media: 'application/octet-stream',
  params: z.object({ level: pub(z.string().regex(/^(entries|\d|[1-5]\d|6[0-3])$/)), a: pub(Segment), b: pub(Segment.optional()), c: pub(Segment.optional()), d: pub(Segment.optional()) }),
  response: pub(z.string()), errors: ['not_found', 'control_unavailable'],
});
/** `opening`: the salt (base64) and the facts that the entry keeps sealed, such as names. Written down, it is RFC 8785 JSON. */
export const exportBundle = operation({
  id: 'exportBundle', summary: 'The project\'s entries of the ledger, with their openings and the proof that the newest checkpoint covers them', tag: 'ledger', method: 'GET', path: '/api/ledger/bundle',
  access: 'read', servedBy: 'control',
  response: z.object({
    format: pub(z.literal('modelkeep/bundle/1')), project: pub(ProjectId), key: pub(z.string()), checkpoint: pub(z.string()),
    entries: z.array(z.object({
      index: pub(ProvenEntry.shape.index), entry: pub(ProvenEntry.shape.entry), path: pub(ProvenEntry.shape.path),
      opening: personal(Opening),
    })),
  }), errors: ['not_found'],
});
const Facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
/** An entry as its project may read it. What proves it is not here: the published tiles have it as anyone may check it. */
export const LedgerEntryView = z.object({
  /** Place in the tree, from 0. */
  index: pub(z.int()), at: pub(Time), kind: pub(z.string()), object: pub(z.string()), project: pub(z.string().nullable()),
  actor: z.object({ kind: pub(z.string()), id: personal(z.string()), /** Of an account or a token that is still there. */ name: personal(z.string().nullable()) }),
  facts: pub(Facts), /** The salt and the facts that the entry keeps sealed. */ opening: personal(Opening),
});
export type LedgerEntryView = z.output<typeof LedgerEntryView>;
export const listLedgerEntries = operation({
  id: 'listLedgerEntries', summary: 'Entries of the ledger that the caller may read, newest first, with the facts that they keep sealed', tag: 'ledger', method: 'GET', path: '/api/ledger/entries',
  access: 'read', servedBy: 'control',
  query: z.strictObject({
    kind: pub(z.string().regex(/^[a-z_]{1,40}\.[a-z_]{1,40}$/).optional()), object: pub(z.string().regex(/^[\w:.-]{1,100}$/).optional()), actor: personal(z.string().regex(/^[\w:.-]{1,100}$/).optional()),
    /** Only entries before this index. With it, `offset` counts from the same entry however many are added meanwhile. */
    before: pub(z.coerce.number().int().min(0).optional()), offset: pub(z.coerce.number().int().min(0).default(0)), limit: pub(z.coerce.number().int().min(1).max(500).default(100)),
    /** `installation`: entries of every project and of none, for its administrators. */
    scope: pub(Scope.default('project')),
  }),
  response: z.object({
    data: z.array(LedgerEntryView),
    /** How many there are with these filters, and at which `before` the next ones begin. */
    total: pub(z.int()), next: pub(z.int().nullable()),
    /** Kinds that occur, whatever the filters. */
    kinds: z.array(z.object({ kind: pub(z.string()), count: pub(z.int()) })),
    /** Entries of the ledger in all, and how many the newest checkpoint covers. */
    size: pub(z.int()), published: pub(z.int()),
  }), errors: ['invalid_request', 'permission_denied'],
});
/** Written down, it is RFC 8785 JSON. */
export const showDeletion = operation({
  id: 'showDeletion', summary: 'The certificate of a deletion, by the id of what was deleted', tag: 'ledger', method: 'GET', path: '/api/ledger/deletions/{object}',
  access: 'read', servedBy: 'control', params: z.object({ object: pub(z.string().regex(/^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$/)) }), response: personal(DeletionCertificate), errors: ['deletion_not_found'],
});
