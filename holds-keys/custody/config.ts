/** The only reader of the environment in key-custody. */
export interface CustodyConfig { dataFolder: string; runFolder: string; readyFd: number | undefined; stopOnStdinEnd: boolean }

function folder(name: string): string {
  const value = process.env[name];
  if (!value?.startsWith('/')) throw new Error(`${name} must be an absolute path`);
  return value;
}

export function readConfig(): CustodyConfig {
  return {
    dataFolder: folder('MODELKEEP_DATA'), runFolder: folder('MODELKEEP_RUN'),
    readyFd: process.env['MODELKEEP_READY_FD'] === '3' ? 3 : undefined, stopOnStdinEnd: process.env['MODELKEEP_STOP_ON_STDIN_END'] === '1',
  };
}
