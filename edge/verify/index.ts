/** The verifier for programs: in Node and in a browser. `main.ts` is the same for a terminal. */
export { verifyBundle } from './verify-bundle.ts';
export { verifyCheckpoints } from './verify-checkpoints.ts';
export { verifyEntry } from './verify-entry.ts';
export { verifyDeletion } from './verify-deletion.ts';
export { verifyReceipt } from './verify-receipt.ts';
export { failures } from './failure.ts';
export type { Check, Verdict } from './checks.ts';
