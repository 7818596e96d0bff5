/** What the gateway tells control about the place a deployment's model runs in. Enums, numbers and opaque ids only. */
import { z } from 'zod';
import { DeploymentId } from '../names.ts';
import { DeploymentState } from '../http/deployments.ts';
import { Failure } from '../http/pulls.ts';
import { IsolationProfile } from './isolation-profile.ts';

export const WorkerReport = z.object({
  deploymentId: DeploymentId, state: DeploymentState, failure: Failure.nullable(), isolation: IsolationProfile.nullable(),
  restarts: z.int().min(0),
});
export type WorkerReport = z.output<typeof WorkerReport>;
/** `POST /internal/worker-reports`. */
export const WorkerReports = z.object({ reports: z.array(WorkerReport) });
