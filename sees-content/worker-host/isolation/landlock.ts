/** Landlock: from here on only the named files can be read, the named programs executed, and nothing written. */
import { closeSync, constants, openSync, statSync } from 'node:fs';
import { syscall } from './libc.ts';

const access = { execute: 1n << 0n, writeFile: 1n << 1n, readFile: 1n << 2n, readDirectory: 1n << 3n };
/** LANDLOCK_ACCESS_FS_* of each ABI, all of which are handled, so that what no rule allows is refused. */
const handledFiles = (abi: number): bigint => (1n << BigInt(abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13)) - 1n;

/** 0 where the kernel has none. */
export function landlockAbi(): number {
  const { result } = syscall('landlock_create_ruleset', null, 0, 1);
  return result < 0 ? 0 : result;
}

export interface LandlockRules {
  /** Files that may be read and, of folders, everything below them. */
  read: string[];
  /** Programs that may be executed. */
  execute: string[];
  /** Open descriptors of files that may be read. */
  readDescriptors: number[];
}

function addRule(ruleset: number, descriptor: number, rights: bigint): boolean {
  const rule = Buffer.alloc(12);
  rule.writeBigUInt64LE(rights, 0);
  rule.writeInt32LE(descriptor, 8);
  return syscall('landlock_add_rule', ruleset, 1, rule, 0).result === 0;
}

/** Restricts this thread; execve makes it the whole process. Needs no-new-privileges. */
export function restrictFiles(rules: LandlockRules): boolean {
  const abi = landlockAbi();
  if (abi === 0) return false;
  const attribute = Buffer.alloc(24);
  attribute.writeBigUInt64LE(handledFiles(abi), 0);
  // ABI 4: TCP bind and connect; ABI 6: abstract unix sockets and signals outside.
  attribute.writeBigUInt64LE(abi >= 4 ? 3n : 0n, 8);
  attribute.writeBigUInt64LE(abi >= 6 ? 3n : 0n, 16);
  const ruleset = syscall('landlock_create_ruleset', attribute, abi >= 6 ? 24 : abi >= 4 ? 16 : 8, 0).result;
  if (ruleset < 0) return false;
  const paths = [...rules.read.map((path) => [path, false] as const), ...rules.execute.map((path) => [path, true] as const)];
  for (const [path, program] of paths) {
    let folder: boolean;
    try { folder = statSync(path).isDirectory(); } catch { continue; } // absent: nothing to allow
    const descriptor = openSync(path, constants.O_RDONLY | 0o10000000); // O_PATH
    const rights = access.readFile | (folder ? access.readDirectory : 0n) | (program ? access.execute : 0n);
    const added = addRule(ruleset, descriptor, rights);
    closeSync(descriptor);
    if (!added) return false;
  }
  if (!rules.readDescriptors.every((descriptor) => addRule(ruleset, descriptor, access.readFile))) return false;
  return syscall('landlock_restrict_self', ruleset, 0).result === 0;
}
