/** The installation itself. */
import { z } from 'zod';
import { pub } from '../marks.ts';
import { Name, Time } from '../names.ts';
import { operation } from '../operation.ts';

export const live = operation({
  id: 'live', summary: 'The process answers', tag: 'system', method: 'GET', path: '/livez', access: 'none', servedBy: 'gateway',
  response: z.object({ status: pub(z.literal('ok')) }), errors: [],
});
export const ready = operation({
  id: 'ready', summary: 'The installation takes requests', tag: 'system', method: 'GET', path: '/readyz', access: 'none', servedBy: 'gateway',
  response: z.object({ status: pub(z.enum(['ready', 'starting', 'stopping'])), control: pub(z.boolean()), snapshot: pub(z.int()) }), errors: [],
});
export const openapi = operation({
  id: 'openapi', summary: 'This document', tag: 'system', method: 'GET', path: '/openapi.json', access: 'none', servedBy: 'gateway',
  response: pub(z.record(z.string(), z.unknown())), errors: [],
});
/** What docs/data-map.json has. */
export const showDataMap = operation({
  id: 'showDataMap', summary: 'The data map: what is processed, where, for how long, and who may be sent it', tag: 'system', method: 'GET', path: '/api/data-map', access: 'none', servedBy: 'gateway',
  response: pub(z.record(z.string(), z.unknown())), errors: [],
});
export const status = operation({
  id: 'status', summary: 'State of the installation', tag: 'system', method: 'GET', path: '/api/status', access: 'read', servedBy: 'control',
  response: z.object({
    version: pub(z.string()), startedAt: pub(Time), region: pub(Name), geography: pub(Name),
    database: z.object({ kind: pub(z.enum(['embedded', 'external'])), version: pub(z.string()) }),
    counts: z.object({ models: pub(z.int()), pulled: pub(z.int()), deployments: pub(z.int()), engines: pub(z.int()) }),
    ledger: z.object({ entries: pub(z.int()), head: pub(z.string()) }),
    deployments: z.array(z.object({ name: pub(Name), project: pub(Name), model: pub(z.string()), state: pub(z.string()) })),
  }), errors: [],
});
