/** The state of each deployment as the gateway reported it last. In memory: after a restart it is `starting` until the gateway says otherwise. */
import { isDeepStrictEqual } from 'node:util';
import type { WorkerReport } from '#contract/internal/worker-report.ts';
import type { Storage } from '../storage/storage.ts';
import { recordIsolation } from './record-isolation.ts';

export class DeploymentStates {
  readonly #reports = new Map<string, WorkerReport>();

  /** Takes the reports of deployments that exist: one that was deleted meanwhile is not kept. */
  async accept(storage: Storage, reports: WorkerReport[]): Promise<void> {
    if (reports.length === 0) return;
    const ids = reports.map((report) => report.deploymentId);
    const known = new Set((await storage.read((db) => db.selectFrom('deployments').select('id').where('id', 'in', ids).execute())).map((row) => row.id));
    for (const report of reports) {
      if (!known.has(report.deploymentId)) continue;
      const before = this.#reports.get(report.deploymentId)?.isolation;
      this.#reports.set(report.deploymentId, report);
      if (report.isolation && !isDeepStrictEqual(before, report.isolation)) await recordIsolation(storage, report.deploymentId, report.isolation);
    }
  }

  forget(deploymentId: string): void { this.#reports.delete(deploymentId); }

  of(deploymentId: string): Pick<WorkerReport, 'state' | 'failure' | 'isolation'> {
    return this.#reports.get(deploymentId) ?? { state: 'starting', failure: null, isolation: null };
  }
}
