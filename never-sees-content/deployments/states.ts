/** The state of each deployment as the gateway reported it last. In memory: after a restart it is `starting` until the gateway says otherwise. */
import type { WorkerReport } from '#contract/internal/worker-report.ts';

export class DeploymentStates {
  readonly #reports = new Map<string, WorkerReport>();

  accept(reports: WorkerReport[]): void { for (const report of reports) this.#reports.set(report.deploymentId, report); }
  forget(deploymentId: string): void { this.#reports.delete(deploymentId); }
  of(deploymentId: string): Pick<WorkerReport, 'state' | 'failure' | 'isolation'> {
    return this.#reports.get(deploymentId) ?? { state: 'starting', failure: null, isolation: null };
  }
}
