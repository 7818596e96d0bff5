/** Keys that were made in this page, for its samples: in memory alone, and gone with the page. */
const keys = new Map<string, string>();

export function rememberKey(deploymentId: string, key: string): void { keys.set(deploymentId, key); }
export function forgetKey(deploymentId: string): void { keys.delete(deploymentId); }
export const keyOf = (deploymentId: string): string | undefined => keys.get(deploymentId);
