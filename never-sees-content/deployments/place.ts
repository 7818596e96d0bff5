/** Where a deployment will run, and whether that is what it asks for. */
import type { RequestOf } from '#contract/operation.ts';
import type { operations } from '#contract/operations.ts';
import { servableModel } from '../catalog/artifacts.ts';
import type { ServableModel } from '../catalog/artifacts.ts';
import { defaultContext } from '../catalog/memory/estimate.ts';
import { Refusal } from '../server/refusal.ts';
import type { Writer } from '../storage/storage.ts';

type Asked = RequestOf<typeof operations.createDeployment>;
export interface Place {
  model: ServableModel;
  /** Null for the embedded engine. */
  engine: { id: string; name: string } | null;
  requirement: 'required' | 'best-effort' | 'operator-asserted';
  /** Tokens of context per request; null where neither the request nor the model says. */
  contextLength: number | null;
}

/** @throws Refusal */
export async function place(tx: Writer, asked: Asked): Promise<Place> {
  const model = await servableModel(tx, asked.model, asked.version);
  if (!model) throw new Refusal('model_not_found', 'model');
  if (asked.contextLength !== undefined && asked.contextLength > (model.contextLength ?? Infinity)) throw new Refusal('invalid_request', 'contextLength');
  return asked.engine === undefined ? embedded(model, asked) : await external(tx, model, asked, asked.engine);
}

function embedded(model: ServableModel, asked: Asked): Place {
  // Nobody's word is needed for what this machine enforces itself.
  if (asked.isolation === 'operator-asserted') throw new Refusal('invalid_request', 'isolation');
  if (!model.deployable) throw new Refusal('model_not_deployable', 'model');
  if (model.artifactDigest === null) throw new Refusal('model_not_pulled', 'model');
  const contextLength = asked.contextLength ?? Math.min(model.contextLength ?? defaultContext, defaultContext);
  return { model, engine: null, requirement: asked.isolation ?? 'required', contextLength };
}

async function external(tx: Writer, model: ServableModel, asked: Asked, name: string): Promise<Place> {
  // The lock keeps the engine from being removed before the deployment that uses it is there.
  const engine = await tx.selectFrom('engines').select(['id', 'name', 'model_name']).where('name', '=', name).forShare().executeTakeFirst();
  if (!engine) throw new Refusal('engine_not_found', 'engine');
  if (engine.model_name !== model.name) throw new Refusal('invalid_request', 'engine');
  if (asked.isolation === 'required' || asked.isolation === 'best-effort') throw new Refusal('isolation_refused', 'isolation');
  return { model, engine: { id: engine.id, name: engine.name }, requirement: 'operator-asserted', contextLength: asked.contextLength ?? model.contextLength };
}
