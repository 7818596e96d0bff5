/** The only reader of the environment and of the arguments in the audit. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { AuditError } from './audit-error.ts';

export interface AuditConfig { dataFolder: string; runFolder: string; /** Where the report goes; a new folder in the data folder unless given. */ out: string | undefined }

/** @throws AuditError configuration_invalid */
export function readConfig(args: string[]): AuditConfig {
  const { data, run, out } = parseArgs({ args, options: { data: { type: 'string' }, run: { type: 'string' }, out: { type: 'string' } } }).values;
  if (!data?.startsWith('/') || !run?.startsWith('/')) throw new AuditError('configuration_invalid');
  return { dataFolder: data, runFolder: run, out };
}

/** A variable that a process was started with. @throws the system's error where the kernel does not show it */
export function variableOf(pid: number, name: string): string | undefined {
  const line = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').find((each) => each.startsWith(`${name}=`));
  return line?.slice(name.length + 1);
}
