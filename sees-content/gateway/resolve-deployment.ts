/** Which deployment a request is for: the path names it, or a header, or the model in the body, or the key itself. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '#contract/internal/principal.ts';
import type { Route } from '#contract/internal/routing-snapshot.ts';
import { GatewayError } from './gateway-error.ts';
import type { RoutingTable } from './routing-table.ts';

export interface Asked { /** In the path: wins over everything else. */ path: string | undefined; headers: IncomingHttpHeaders; model: string | undefined }

/** @throws GatewayError model_not_found, deployment_not_found */
export function resolveDeployment(table: RoutingTable, principal: Principal, asked: Asked): Route {
  const missing = (): GatewayError => (name === undefined ? new GatewayError('model_not_found', 'model') : new GatewayError('deployment_not_found'));
  const header = asked.headers['azureml-model-deployment'];
  const name = asked.path ?? (typeof header === 'string' ? header : undefined);
  if (principal.kind === 'endpoint_key') {
    const own = table.route(principal.deploymentId ?? '');
    if (!own || (name !== undefined && name !== own.name)) throw missing();
    if (name === undefined && asked.model !== undefined && asked.model !== own.name && asked.model !== own.model) throw missing();
    return own;
  }
  const projectId = principal.projectId ?? '';
  const wanted = name ?? asked.model;
  if (wanted !== undefined) {
    const found = table.named(projectId, wanted);
    if (!found) throw missing();
    return found;
  }
  const all = table.inProject(projectId);
  if (all.length !== 1 || !all[0]) throw missing();
  return all[0];
}
