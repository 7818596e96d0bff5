import type { Limits } from '#contract/http/deployments.ts';
import { operations } from '#contract/operations.ts';
import { servableModel } from '../../catalog/artifacts.ts';
import type { ServableModel } from '../../catalog/artifacts.ts';
import { findDeployment, viewDeployment } from '../../deployments/view.ts';
import { identifier } from '../../identity/identifier.ts';
import type { Minted } from '../../identity/custody-client.ts';
import { isDuplicate } from '../../storage/storage.ts';
import type { Reader, Writer } from '../../storage/storage.ts';
import type { Call, Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

type Op = typeof operations.createDeployment;
const defaultContext = 4096;

export const createDeployment: Handler<Op> = async (call, context) => {
  const { storage, custody, snapshots, config } = context;
  const { body, project, actor } = call;
  const { model, engine, requirement } = await storage.read((db) => place(db, call));
  const contextLength = chooseContext(body.contextLength, model.contextLength, engine !== null);
  const [primary, secondary] = await Promise.all([custody.mint('mk-ek-'), custody.mint('mk-ek-')]);
  const id = identifier('dep');
  try {
    await storage.transact(actor, async (tx) => {
      await tx.insertInto('deployments').values({
        id, name: body.name, project_id: project.id, model_name: model.name, model_version: model.version, model_digest: model.digest,
        artifact_digest: engine ? null : model.artifactDigest, task: model.task, engine_id: engine?.id ?? null, region: config.region, geography: config.geography,
        isolation_requirement: requirement, limits: JSON.stringify(body.limits satisfies Limits), context_length: contextLength, created_at: new Date().toISOString(), created_by: actor.id,
      }).execute();
      await insertKeys(tx, id, project.id, actor.id, { primary, secondary });
      return { result: undefined, entry: { kind: 'deployment.created', object: id, projectId: project.id, facts: {
        name: body.name, model: model.name, version: model.version, modelDigest: model.digest, artifactDigest: engine ? null : model.artifactDigest,
        engine: engine?.name ?? null, isolation: requirement, region: config.region, geography: config.geography,
      } } };
    });
  } catch (error) { throw isDuplicate(error) ? new Refusal('name_taken', 'name') : error; }
  await snapshots.publish();
  const row = await storage.read((db) => findDeployment(db, project.id, body.name));
  return { ...viewDeployment(row, context), primaryKey: primary.credential, secondaryKey: secondary.credential };
};

interface Place { model: ServableModel; engine: { id: string; name: string } | null; requirement: 'required' | 'best-effort' | 'operator-asserted' }

/** Where the deployment will run, and whether that is what it asks for. */
async function place(db: Reader, { body }: Call<Op>): Promise<Place> {
  const model = await servableModel(db, body.model, body.version);
  if (!model) throw new Refusal('model_not_found', 'model');
  if (body.engine === undefined) {
    if (body.isolation === 'operator-asserted') throw new Refusal('invalid_request', 'isolation');
    if (!model.deployable) throw new Refusal('model_not_deployable', 'model');
    if (model.artifactDigest === null) throw new Refusal('model_not_pulled', 'model');
    return { model, engine: null, requirement: body.isolation ?? 'required' };
  }
  const engine = await db.selectFrom('engines').select(['id', 'name', 'model_name']).where('name', '=', body.engine).executeTakeFirst();
  if (!engine) throw new Refusal('engine_not_found', 'engine');
  if (engine.model_name !== model.name) throw new Refusal('invalid_request', 'engine');
  if (body.isolation === 'required' || body.isolation === 'best-effort') throw new Refusal('isolation_refused', 'isolation');
  return { model, engine, requirement: 'operator-asserted' };
}

function chooseContext(asked: number | undefined, ofModel: number | null, external: boolean): number | null {
  if (asked !== undefined && ofModel !== null && asked > ofModel) throw new Refusal('invalid_request', 'contextLength');
  if (external) return asked ?? ofModel;
  return asked ?? Math.min(ofModel ?? defaultContext, defaultContext);
}

async function insertKeys(tx: Writer, deploymentId: string, projectId: string, by: string, keys: Record<'primary' | 'secondary', Minted>): Promise<void> {
  const now = new Date().toISOString();
  await tx.insertInto('credentials').values((['primary', 'secondary'] as const).map((slot) => ({
    id: identifier('key'), kind: 'endpoint_key' as const, hash: keys[slot].hash, hint: keys[slot].hint, name: null, project_id: projectId, deployment_id: deploymentId, slot,
    created_at: now, created_by: by, expires_at: null, revoked_at: null,
  }))).execute();
}
