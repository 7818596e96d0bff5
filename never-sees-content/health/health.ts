/** The installation's health: every check, side by side. What one cannot find out is its own failure and nobody else's. */
import { seesEveryProject } from '#contract/access.ts';
import type { HealthCheck } from '#contract/http/health.ts';
import type { ResponseOf } from '#contract/operation.ts';
import type { operations } from '#contract/operations.ts';
import type { Call, ControlContext } from '../server/handler.ts';
import { checkAddress } from './address.ts';
import { unanswered, well } from './check.ts';
import { checkDeployments } from './deployments.ts';
import { checkIsolation } from './isolation.ts';
import { checkCustody, checkPublished, checkWitnesses } from './ledger.ts';
import { checkClock, checkDisk, checkMemory } from './machine.ts';
import { checkWheels } from './wheels.ts';

type Answer = ResponseOf<typeof operations.showHealth>;
/** Programs are started to examine isolation and pip: not more often than this, in milliseconds. */
const holdsMs = 600_000;
const worst = ['ok', 'attention', 'failed'] as const;

export class Health {
  #isolation: { at: number; check: Promise<HealthCheck> } | undefined;
  #wheels: { at: number; check: Promise<HealthCheck> } | undefined;

  async examine({ principal, project }: Pick<Call<typeof operations.showHealth>, 'principal' | 'project'>, { storage, states, ledger, config }: ControlContext): Promise<Answer> {
    const checks = await Promise.all([
      safely('database', 'Database', async () => {
        const start = performance.now();
        await storage.read(async (db) => await db.selectFrom('ledger_head').select('seq').executeTakeFirst());
        return well({ check: 'database', name: 'Database', means: 'It holds everything but content and model files. While it is away, what is deployed goes on answering.' },
          `${config.embedded ? 'Embedded' : 'External'} PostgreSQL ${storage.serverVersion} answers in ${Math.max(1, Math.round(performance.now() - start))} ms.`);
      }),
      safely('ledger', 'Ledger', async () => await storage.read(checkPublished)),
      safely('custody', 'Key-custody', async () => await checkCustody(ledger)),
      safely('witnesses', 'Witnesses', async () => await storage.read((db) => checkWitnesses(db, config.witnessesFile))),
      safely('deployments', 'Deployments', async () => await storage.read((db) => checkDeployments(db, states, seesEveryProject(principal) ? null : project.id))),
      safely('isolation', 'Isolation of workers', async () => await this.#examineIsolation(config.pipEnvironment['PATH'] ?? '')),
      safely('address', 'Encryption on the way', () => Promise.resolve(checkAddress(config.publicOrigin))),
      safely('disk', 'Disk', async () => await checkDisk(config.dataFolder)),
      safely('memory', 'Memory', checkMemory),
      safely('clock', 'Clock', async () => await storage.read(checkClock)),
      safely('wheels', 'Python with pip', async () => await this.#examineWheels(config.pipEnvironment)),
    ]);
    return { state: worst[Math.max(...checks.map(({ state }) => worst.indexOf(state)))] ?? 'failed', checkedAt: new Date().toISOString(), checks };
  }

  async #examineIsolation(path: string): Promise<HealthCheck> {
    if (!this.#isolation || Date.now() - this.#isolation.at > holdsMs) this.#isolation = { at: Date.now(), check: checkIsolation(path) };
    return await this.#isolation.check;
  }

  async #examineWheels(environment: NodeJS.ProcessEnv): Promise<HealthCheck> {
    if (!this.#wheels || Date.now() - this.#wheels.at > holdsMs) this.#wheels = { at: Date.now(), check: checkWheels(environment) };
    return await this.#wheels.check;
  }
}

async function safely(check: HealthCheck['check'], name: string, work: () => Promise<HealthCheck>): Promise<HealthCheck> {
  try { return await work(); } catch { return unanswered({ check, name, means: 'It could not be examined.' }, 'See the log of control in the data folder.', 'modelkeep doctor'); }
}
