/** Who may call what, by the contract's word. Control looks again at what it serves; what stands here is asked first. */
import type { Principal } from '#contract/internal/principal.ts';
import type { Access } from '#contract/operation.ts';
import { GatewayError } from './gateway-error.ts';

const administrators = ['administrator', 'local_user'] as const;
const allowed: Record<Access, readonly Principal['kind'][]> = {
  none: [...administrators, 'project_token', 'endpoint_key'],
  inference: [...administrators, 'project_token', 'endpoint_key'],
  project: [...administrators, 'project_token'],
  administrator: administrators,
};

/** @throws GatewayError permission_denied */
export function authorise({ kind }: Principal, access: Access): void {
  if (!allowed[access].includes(kind)) throw new GatewayError('permission_denied');
}
