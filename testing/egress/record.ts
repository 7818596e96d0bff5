/**
 * Preloaded into the processes of a product under test (`--import`): writes down every connection, datagram, name and program that a process opens,
 * sends, looks up or starts, with the source files that led to it. It hands itself on to the Node processes that the supervisor starts with an
 * environment of their own. A worker is not recorded: it starts with an empty environment, and its sandbox has no network to record.
 */
import { createHook, executionAsyncId } from 'node:async_hooks';
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordVariable } from './entry.ts';
import type { Entry } from './entry.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));
const self = fileURLToPath(import.meta.url);
const record = process.env[recordVariable];
/** What led to each asynchronous resource, for what happens in it where the stack no longer tells. */
const causes = new Map<number, string[]>();

/** Source files of the product on the stack, the nearest first. The product may have switched stacks off. */
function onStack(): string[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  const files = [...stack.matchAll(/file:\/\/[^\s):]+/g)].map(([url]) => fileURLToPath(url)).filter((path) => path.startsWith(project) && path !== self && !path.includes('/node_modules/'));
  return [...new Set(files.map((path) => path.slice(project.length)))];
}

createHook({
  init: (id) => {
    const files = onStack();
    const inherited = causes.get(executionAsyncId()) ?? [];
    if (files.length + inherited.length > 0) causes.set(id, [...new Set([...files, ...inherited])]);
  },
  destroy: (id) => { causes.delete(id); },
}).enable();

function write(entry: Omit<Entry, 'main'>): void {
  const by = [...new Set([...onStack(), ...(causes.get(executionAsyncId()) ?? [])])];
  const whole: Entry = { main: relative(project, process.argv[1] ?? ''), ...entry, ...(entry.kind === 'started' ? {} : { by }) };
  if (record !== undefined) appendFileSync(record, `${JSON.stringify(whole)}\n`);
}

type Callable = (this: unknown, ...args: unknown[]) => unknown;
/** Puts `before` in front of a function of an object. What it returns takes the place of the arguments. */
function watch(object: object, name: string, before: (args: unknown[]) => unknown[] | undefined): void {
  const target = object as Record<string, Callable>;
  const original = target[name];
  if (typeof original !== 'function') return;
  target[name] = function (this: unknown, ...args: unknown[]): unknown { return original.apply(this, before(args) ?? args); };
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);
const address = (host: unknown, port: unknown): Pick<Entry, 'where' | 'target'> => {
  const name = typeof host === 'string' && host !== '' ? host : 'localhost';
  return { where: isLoopback(name) ? 'loopback' : 'other', target: `${name}:${String(port)}` };
};

/** The forms in which `Socket.connect` is called: options, what `net.connect` makes of its arguments, a path, or a port and a host. */
function targetOf([first, second]: unknown[]): Pick<Entry, 'where' | 'target'> {
  if (Array.isArray(first)) return targetOf(first);
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { where: 'unix', target: first };
  if (typeof first !== 'object' || first === null) return address(second, first);
  const { path, host, port } = first as { path?: unknown; host?: unknown; port?: unknown };
  return typeof path === 'string' ? { where: 'unix', target: path } : address(host, port);
}

watch(net.Socket.prototype, 'connect', (args) => { write({ kind: 'connect', ...targetOf(args) }); return undefined; });
for (const name of ['send', 'connect']) watch(dgram.Socket.prototype, name, (args) => { write({ kind: 'datagram', target: args.filter((each) => typeof each === 'string' || typeof each === 'number').join(' ') }); return undefined; });
for (const object of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of Object.getOwnPropertyNames(object).filter((each) => /^(lookup|resolve|reverse)/.test(each))) {
    // An address is no name: `listen` hands one in all the same.
    watch(object, name, (args) => { if (net.isIP(String(args[0])) === 0) write({ kind: 'lookup', target: String(args[0]) }); return undefined; });
  }
}

/** Hands the recorder on to a Node that is started with an environment of its own. */
function handOn(args: unknown[]): unknown[] {
  if (!['node', 'prlimit'].includes(basename(String(args[0])))) return args;
  return args.map((arg) => {
    const options = typeof arg === 'object' && !Array.isArray(arg) ? arg as { env?: NodeJS.ProcessEnv } | null : undefined;
    const env = options?.env;
    return env === undefined ? arg : { ...options, env: { ...env, NODE_OPTIONS: process.env['NODE_OPTIONS'], [recordVariable]: record } };
  });
}
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  watch(childProcess, name, (args) => { write({ kind: 'spawn', target: String(args[0]) }); return handOn(args); });
}
syncBuiltinESMExports();
write({ kind: 'started' });
