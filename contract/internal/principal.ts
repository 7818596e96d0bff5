/** Who is asking, as the gateway found it and control believes it (header `x-modelkeep-principal`, JSON, local socket only). */
import { z } from 'zod';
import { DeploymentId, ProjectId, SessionId } from '../names.ts';
import { Role, Scope } from '../roles.ts';

export const Principal = z.object({
  kind: z.enum(['local_user', 'administrator', 'project_token', 'endpoint_key', 'account']),
  /** Opaque id of the credential or account; `local` for the user of `modelkeep up` on the local socket. */
  id: z.string().regex(/^(local|[a-z]{3}_[0-9a-hjkmnp-tv-z]{26})$/),
  /** The project acted in: fixed for tokens and endpoint keys; for administrators and accounts the header `x-modelkeep-project`, or `default`. */
  projectId: ProjectId.nullable(),
  deploymentId: DeploymentId.nullable(),
  /** Of an account: its role in that project, where that role is held, and the session that asks. */
  role: Role.optional(), scope: Scope.optional(), sessionId: SessionId.optional(),
});
export type Principal = z.output<typeof Principal>;
