/** Usage: what was metered. Numbers, enums and opaque ids only. */
import { z } from 'zod';
import { pub } from '../marks.ts';
import { Name, Time } from '../names.ts';
import { operation } from '../operation.ts';

export const UsageRow = z.object({
  /** Start of the day or hour, or of the whole range. */
  from: pub(Time), deployment: pub(Name), requests: pub(z.int()),
  /** Of the requests those whose caller left before the end, and those whose engine failed after the first token. */
  aborted: pub(z.int()), failed: pub(z.int()),
  promptTokens: pub(z.int()), cachedTokens: pub(z.int()), outputTokens: pub(z.int()),
});
export const showUsage = operation({
  id: 'showUsage', summary: 'Usage of the project by deployment and time', tag: 'metering', method: 'GET', path: '/api/usage',
  access: 'read', servedBy: 'control',
  query: z.strictObject({ deployment: pub(Name.optional()), by: pub(z.enum(['total', 'day', 'hour']).default('total')), from: pub(Time.optional()), to: pub(Time.optional()) }),
  response: z.object({ data: z.array(UsageRow), totals: UsageRow.omit({ from: true, deployment: true }) }), errors: ['invalid_request'],
});
