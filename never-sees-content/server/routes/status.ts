import type { operations } from '#contract/operations.ts';
import { version } from '../version.ts';
import type { Handler } from '../handler.ts';

export const status: Handler<typeof operations.status> = async ({ project, principal }, { storage, states, config, startedAt }) => await storage.read(async (db) => {
  const count = async (table: 'engines' | 'deployments' | 'model_versions'): Promise<number> => (await db.selectFrom(table).select((by) => by.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n;
  const pulled = (await db.selectFrom('model_versions').select((by) => by.fn.countAll<number>().as('n')).where('artifact_digest', 'is not', null).executeTakeFirstOrThrow()).n;
  const head = await db.selectFrom('ledger_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
  const all = principal.kind !== 'project_token';
  const deployments = await db.selectFrom('deployments').innerJoin('projects', 'projects.id', 'deployments.project_id')
    .select(['deployments.id', 'deployments.name', 'projects.name as project', 'deployments.model_name as model']).$if(!all, (select) => select.where('projects.id', '=', project.id)).orderBy('deployments.created_at').execute();
  return {
    version, startedAt: startedAt.toISOString(), region: config.region, geography: config.geography,
    database: { kind: config.embedded ? 'embedded' as const : 'external' as const, version: storage.serverVersion },
    counts: { models: await count('model_versions'), pulled, deployments: await count('deployments'), engines: await count('engines') },
    ledger: { entries: head.seq, head: head.hash },
    deployments: deployments.map(({ id, ...rest }) => ({ ...rest, state: states.of(id).state })),
  };
});
