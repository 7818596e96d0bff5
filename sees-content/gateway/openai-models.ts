/** /v1/models and /info, answered from the routing table. */
import type { Principal } from '#contract/internal/principal.ts';
import type { Route } from '#contract/internal/routing-snapshot.ts';
import type { ResponseOf } from '#contract/operation.ts';
import type { operations } from '#contract/operations.ts';
import { GatewayError } from './gateway-error.ts';
import { resolveDeployment } from './resolve-deployment.ts';
import type { Asked } from './resolve-deployment.ts';
import type { RoutingTable } from './routing-table.ts';

type Model = ResponseOf<typeof operations.retrieveOpenAIModel>;

const view = (route: Route): Model => ({
  id: route.name, object: 'model', created: route.createdAt, owned_by: route.publisher, created_at: route.createdAt, status: 'succeeded', lifecycle_status: 'generally-available',
  capabilities: { chat_completion: route.task === 'chat-completion', completion: route.task !== 'embeddings', embeddings: route.task === 'embeddings', inference: true, fine_tune: false },
});

function visible(table: RoutingTable, principal: Principal): Route[] {
  if (principal.kind !== 'endpoint_key') return table.inProject(principal.projectId ?? '');
  const own = table.route(principal.deploymentId ?? '');
  return own ? [own] : [];
}

export const listModels = (table: RoutingTable, principal: Principal): ResponseOf<typeof operations.listOpenAIModels> => ({ object: 'list', data: visible(table, principal).map(view) });

export function retrieveModel(table: RoutingTable, principal: Principal, name: string): Model {
  const found = visible(table, principal).find((route) => route.name === name);
  if (!found) throw new GatewayError('model_not_found', 'model');
  return view(found);
}

export function modelInfo(table: RoutingTable, principal: Principal, asked: Asked): ResponseOf<typeof operations.modelInfo> {
  const route = resolveDeployment(table, principal, asked);
  return { model_name: route.model, model_type: route.task, model_provider_name: route.publisher };
}
