/** The promises of the product, and for each how it is kept and proved, and what it does not cover. */
import { z } from 'zod';
import { pub } from '../marks.ts';
import { operation } from '../operation.ts';
import { proofs, states } from '../promises.ts';

export const listPromises = operation({
  id: 'listPromises', summary: 'The promises, each with how it is kept, how to prove it, and what it does not cover', tag: 'system', method: 'GET', path: '/api/promises', access: 'none', servedBy: 'gateway',
  response: z.object({ data: z.array(z.object({
    id: pub(z.string().regex(/^P([1-9]|1\d|20)$/)), title: pub(z.string()), promise: pub(z.string()), state: pub(z.enum(states)),
    enforcedBy: z.array(z.object({ room: pub(z.string()), how: pub(z.string()) })),
    provedBy: z.array(z.object({ proof: pub(z.enum(proofs)), command: pub(z.string()), shows: pub(z.string()) })),
    notCovered: pub(z.array(z.string())),
  })) }), errors: [],
});
