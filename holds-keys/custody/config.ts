/** The only reader of the environment in key-custody. */
export interface CustodyConfig { dataFolder: string; runFolder: string; /** Public key of control's orders: SPKI, base64. */ orderKey: string | undefined; stopOnStdinEnd: boolean }

function folder(name: string): string {
  const value = process.env[name];
  if (!value?.startsWith('/')) throw new RangeError(`${name} must be an absolute path`);
  return value;
}

/** Where readiness is said: known before the rest of the configuration, so that a bad one can be told. */
export const readyFd = (): 3 | undefined => (process.env['MODELKEEP_READY_FD'] === '3' ? 3 : undefined);

/** @throws RangeError naming the variable. */
export function readConfig(): CustodyConfig {
  return { dataFolder: folder('MODELKEEP_DATA'), runFolder: folder('MODELKEEP_RUN'), orderKey: process.env['MODELKEEP_ORDER_KEY'], stopOnStdinEnd: process.env['MODELKEEP_STOP_ON_STDIN_END'] === '1' };
}
