import { seesEveryProject } from '#contract/access.ts';
import type { operations } from '#contract/operations.ts';
import { version } from '../version.ts';
import type { Handler } from '../handler.ts';

export const status: Handler<typeof operations.status> = async ({ project, principal }, { storage, states, config, startedAt }) => await storage.read(async (db) => {
  const models = await db.selectFrom('model_versions').select((by) => [by.fn.countAll<number>().as('all'), by.fn.count<number>('artifact_digest').as('pulled')]).executeTakeFirstOrThrow();
  const engines = await db.selectFrom('engines').select((by) => by.fn.countAll<number>().as('all')).executeTakeFirstOrThrow();
  const head = await db.selectFrom('ledger_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
  // Who is at home in one project learns nothing of other projects, not even how much they have.
  const deployments = await db.selectFrom('deployments').innerJoin('projects', 'projects.id', 'deployments.project_id')
    .select(['deployments.id', 'deployments.name', 'projects.name as project', 'deployments.model_name as model'])
    
    .$if(!seesEveryProject(principal), (select) => select.where('projects.id', '=', project.id)).orderBy('deployments.created_at').execute();
  return {
    version, startedAt: startedAt.toISOString(), region: config.region, geography: config.geography,
    database: { kind: config.embedded ? 'embedded' as const : 'external' as const, version: storage.serverVersion },
    counts: { models: models.all, pulled: models.pulled, deployments: deployments.length, engines: engines.all },
    ledger: { entries: head.seq, head: head.hash },
    deployments: deployments.map(({ id, ...rest }) => ({ ...rest, state: states.of(id).state })),
  };
});
