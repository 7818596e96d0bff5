/** Who is asking, as the gateway found it and control believes it (header `x-modelkeep-principal`, JSON, local socket only). */
import { z } from 'zod';
import { DeploymentId, ProjectId } from '../names.ts';

export const Principal = z.object({
  kind: z.enum(['local_user', 'administrator', 'project_token', 'endpoint_key']),
  /** Opaque id of the credential; `local` for the user of `modelkeep up` on the local socket. */
  id: z.string().regex(/^(local|[a-z]{3}_[0-9a-hjkmnp-tv-z]{26})$/),
  /** The project acted in: fixed for tokens and endpoint keys; for administrators the header `x-modelkeep-project`, or `default`. */
  projectId: ProjectId.nullable(),
  deploymentId: DeploymentId.nullable(),
});
export type Principal = z.output<typeof Principal>;
