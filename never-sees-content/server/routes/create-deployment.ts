import type { operations } from '#contract/operations.ts';
import { holdProject } from '../../datastores/find-datastore.ts';
import { place } from '../../deployments/place.ts';
import { findDeployment, viewDeployment } from '../../deployments/view.ts';
import type { Minted } from '../../identity/custody-client.ts';
import { identifier } from '../../identity/identifier.ts';
import { isDuplicate } from '../../storage/postgres-errors.ts';
import type { Writer } from '../../storage/storage.ts';
import type { Call, ControlContext, Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

type Op = typeof operations.createDeployment;
type Keys = Record<'primary' | 'secondary', Minted>;

export const createDeployment: Handler<Op> = async (call, context) => {
  const { storage, custody, snapshots } = context;
  await requireUsableKey(call.project.id, context);
  const [primary, secondary] = await Promise.all([custody.mint('mk-ek-'), custody.mint('mk-ek-')]);
  const id = await create(call, context, { primary, secondary })
    .catch((error: unknown) => { throw isDuplicate(error) ? new Refusal('name_taken', 'name') : error; });
  await snapshots.publish();
  const row = await storage.read((db) => findDeployment(db, call.project.id, { id }));
  return { ...viewDeployment(row, context), primaryKey: primary.credential, secondaryKey: secondary.credential };
};

/** A project whose key is refused gets nothing new. Asked of custody, which asks the provider. */
async function requireUsableKey(project: string, { custody }: ControlContext): Promise<void> {
  const { customerKey } = await custody.showProjectKeys(project);
  if (customerKey?.state === 'disabled' || customerKey?.state === 'denied') throw new Refusal('customer_key_denied');
}

async function create({ body, project, actor }: Call<Op>, { storage, config }: ControlContext, keys: Keys): Promise<string> {
  const id = identifier('dep');
  const { region, geography } = config;
  return await storage.transact(actor, async (tx) => {
    await holdProject(tx, project.id);
    const { model, engine, requirement, contextLength } = await place(tx, body);
    const artifactDigest = engine ? null : model.artifactDigest;
    await tx.insertInto('deployments').values({
      id, name: body.name, project_id: project.id, model_name: model.name, model_version: model.version, model_digest: model.digest, artifact_digest: artifactDigest,
      task: model.task, engine_id: engine?.id ?? null, region, geography, isolation_requirement: requirement, limits: JSON.stringify(body.limits),
      context_length: contextLength, created_at: new Date().toISOString(), created_by: actor.id,
    }).execute();
    await insertKeys(tx, id, project.id, actor.id, keys);
    return { result: id, entry: { kind: 'deployment.created', object: id, projectId: project.id, facts: {
      name: body.name, model: model.name, version: model.version, modelDigest: model.digest, artifactDigest, engine: engine?.name ?? null,
      isolation: requirement, contextLength, region, geography,
    } } };
  });
}

async function insertKeys(tx: Writer, deploymentId: string, projectId: string, by: string, keys: Keys): Promise<void> {
  const created_at = new Date().toISOString();
  await tx.insertInto('credentials').values((['primary', 'secondary'] as const).map((slot) => ({
    id: identifier('key'), kind: 'endpoint_key' as const, hash: keys[slot].hash, hint: keys[slot].hint, name: null, project_id: projectId,
    deployment_id: deploymentId, slot, created_at, created_by: by, expires_at: null, revoked_at: null,
  }))).execute();
}
