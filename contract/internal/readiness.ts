/** The line that a process writes on fd 3 (a pipe of its supervisor) when it is ready: `{"ready":true}`, or why not. */
import { z } from 'zod';

export const Readiness = z.union([
  z.object({ ready: z.literal(true), /** Origin that the gateway answers at. */ origin: z.string().optional(),
    /** From control, once in the life of an installation: shown by the supervisor, stored by nobody. */ administratorCredential: z.string().optional() }),
  z.object({ ready: z.literal(false), code: z.enum(['port_in_use', 'address_unavailable', 'database_unreachable', 'database_version', 'migration_failed',
    'custody_unreachable', 'control_unreachable', 'keys_unreadable', 'keys_foreign', 'certificate_unreadable', 'configuration_invalid', 'unexpected']) }),
]);
export type Readiness = z.output<typeof Readiness>;
