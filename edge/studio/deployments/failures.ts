/** Why a deployment does not start, and what to do about it. */
import { failureCodes } from '#contract/error-codes.ts';
import type { FailureCode } from '#contract/error-codes.ts';

const next: Partial<Record<FailureCode, string>> = {
  isolation_unavailable: 'modelkeep doctor says what this machine lacks and what to install. A trial can be deployed with isolation "best effort" instead.',
  worker_crashed: 'Look at the log of the gateway for its exits; a shorter context needs less memory. Delete the deployment and deploy again when the cause is gone.',
  model_load_failed: 'The file may need a newer engine or may be damaged. Pull the model again, or choose another version.',
  memory_insufficient: 'Deploy it with a shorter context, choose a smaller or more quantised model, or free memory by deleting another deployment.',
  engine_unreachable: 'Check that the engine runs and that this machine reaches it: modelkeep engines show NAME has its address. The deployment recovers by itself.',
  credential_unreadable: 'The gateway\'s user must be able to read the credential file that the engine is registered with.',
};
export const whyOf = (code: FailureCode): string => failureCodes[code];
export const nextOf = (code: FailureCode): string => next[code] ?? 'The log of the gateway has the event. Delete the deployment and deploy again, or ask whoever runs this installation.';
