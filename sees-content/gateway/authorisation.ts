/** Who may call what, by the contract's word. Control looks again at what it serves; what stands here is asked first. */
import { mayCall } from '#contract/access.ts';
import type { Access } from '#contract/access.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { GatewayError } from './gateway-error.ts';

/** @throws GatewayError permission_denied */
export function authorise(principal: Principal, access: Access): void {
  if (!mayCall(principal, access)) throw new GatewayError('permission_denied');
}
