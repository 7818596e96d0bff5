/** The gateway process: it sees content, in memory, for one request at a time, and has neither a database nor a disk of its own. */
import { chmodSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server, ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sockets } from '#contract/installation.ts';
import type { Readiness } from '#contract/internal/readiness.ts';
import { Authenticator } from './authentication.ts';
import { readConfig, readyFd } from './config.ts';
import type { GatewayConfig } from './config.ts';
import { ControlClient } from './control-client.ts';
import { issueCertificate, releaseKey } from './custody-client.ts';
import { events } from './events.ts';
import { ControlObjects } from './files/control-objects.ts';
import { followDeletionAttempts } from './files/deletion-attempts.ts';
import { Shares } from './files/shares.ts';
import { CustodyKeys } from './keys/custody-keys.ts';
import { Meter } from './meter.ts';
import { embeddedEngineDigest } from './receipts/engine-digest.ts';
import { newReceiptKey, ReceiptIssuer } from './receipts/issuer.ts';
import { refuseMalformed } from './malformed.ts';
import { Gateway } from './server.ts';
import { readBuiltStudio } from './studio/built-files.ts';
import { Upstreams } from './upstreams.ts';

// An error's message and stack can quote a prompt: only its name and its system code are told.
const lastWords = (error: unknown): never => {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  events.failed(error instanceof Error ? error.name : 'unknown', typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : null);
  process.exit(1);
};
// A stack is never told, and making one costs more than the refusal that it belongs to.
Error.stackTraceLimit = 0;
process.on('uncaughtException', lastWords);
process.on('unhandledRejection', lastWords);

class NotReady extends Error {
  readonly code: Extract<Readiness, { ready: false }>['code'];
  constructor(code: NotReady['code']) { super(code); this.code = code; }
}

function say(readiness: Readiness): void {
  const fd = readyFd();
  if (fd !== undefined) writeSync(fd, `${JSON.stringify(readiness)}\n`);
}

/** A body has a time of its own (request-body.ts), since a file of gigabytes takes as long as its sender takes. */
const serverOptions: ServerOptions = { maxHeaderSize: 16_384, headersTimeout: 15_000, requestTimeout: 0, keepAliveTimeout: 75_000, connectionsCheckingInterval: 5000, noDelay: true };

const tlsLimits = { handshakeTimeout: 15_000, minVersion: 'TLSv1.2' } as const;
const mostConnections = 16_384;
/** Of one project. */
const transfersAtOnce = 64;
/** A certificate of the installation's own lives 90 days; one from files may be replaced at any time. */
const renewEveryMs = 12 * 3_600_000;

async function publicServer(config: GatewayConfig): Promise<Server> {
  const server = config.tls.mode === 'off' ? createServer(serverOptions) : await tlsServer(config);
  server.maxConnections = mostConnections;
  return server;
}

async function tlsServer(config: GatewayConfig): Promise<Server> {
  const server = createTlsServer({ ...serverOptions, ...tlsLimits, ...await certificate(config) });
  setInterval(() => {
    certificate(config).then((renewed) => server.setSecureContext({ ...tlsLimits, ...renewed })).catch(() => events.certificateNotRenewed());
  }, renewEveryMs).unref();
  return server;
}

/** @throws NotReady custody_unreachable, certificate_unreadable */
async function certificate({ tls, host, runFolder }: GatewayConfig): Promise<{ cert: string | Buffer; key: string | Buffer }> {
  if (tls.mode === 'files') {
    try { return { cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }; } catch { throw new NotReady('certificate_unreadable'); }
  }
  try {
    const { certificate: cert, key } = await issueCertificate(runFolder, ownNames(host));
    return { cert, key };
  } catch { throw new NotReady('custody_unreachable'); }
}

/** Every name and address by which this machine may be reached. */
function ownNames(host: string): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []).map(({ address }) => address.split('%')[0] ?? '');
  const names = new Set(['localhost', '127.0.0.1', '::1', hostname(), host, ...addresses]);
  return [...names].filter((name) => /^[A-Za-z0-9.:-]{1,253}$/.test(name) && name !== '0.0.0.0' && name !== '::').slice(0, 50);
}

async function listen(server: Server, where: { port: number; host: string } | string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new NotReady(error.code === 'EADDRINUSE' ? 'port_in_use' : error.code === 'EADDRNOTAVAIL' || error.code === 'EACCES' || error.code === 'ENOTFOUND' ? 'address_unavailable' : 'unexpected')));
    if (typeof where === 'string') server.listen(where, resolve); else server.listen(where.port, where.host, resolve);
  });
}

/** @throws NotReady control_unreachable where the key is not certified in half a minute */
async function receiptIssuer(config: GatewayConfig, control: ControlClient): Promise<ReceiptIssuer> {
  const { keyId, publicKey, privateKey } = newReceiptKey();
  for (const deadline = Date.now() + 30_000; ;) {
    try {
      const log = await control.certifyReceiptKey({ keyId, publicKey: publicKey.toString('base64'), released: ['credential-hash', 'cache-scope'] });
      return new ReceiptIssuer({ region: config.region, geography: config.geography, log, keyId, engineDigest: embeddedEngineDigest() }, privateKey, config.receiptSeconds * 1000);
    } catch {
      if (Date.now() > deadline) throw new NotReady('control_unreachable');
      await sleep(200);
    }
  }
}

/** Where the build leaves the studio. */
const studioFolder = fileURLToPath(new URL('../../edge/studio/dist', import.meta.url));

async function start(config: GatewayConfig): Promise<void> {
  const [hashKey, scopeKey] = await Promise.all([releaseKey(config.runFolder, 'credential-hash'), releaseKey(config.runFolder, 'cache-scope')]).catch(() => { throw new NotReady('custody_unreachable'); });
  const control = new ControlClient(config.runFolder);
  const upstreams = new Upstreams(config, scopeKey, (reports) => control.sendReports(reports));
  const meter = new Meter((records, receipts) => control.sendUsage(records, receipts));
  const issuer = await receiptIssuer(config, control);
  const files = { objects: new ControlObjects(control, config.runFolder), keys: new CustodyKeys(config.runFolder), opening: { roots: config.dataRoots, closed: [config.dataFolder, config.runFolder] }, storageEndpoints: config.storageEndpoints, shares: new Shares(transfersAtOnce) };
  const ending = new AbortController();
  followDeletionAttempts(files, ending.signal).catch(lastWords);
  const gateway = new Gateway({ files, control, authenticator: new Authenticator(hashKey), upstreams, meter, issuer, maxBodyBytes: config.maxBodyBytes, studio: readBuiltStudio(studioFolder) });
  const known = new Promise<void>((resolve) => control.onTable((table) => { upstreams.apply(table); resolve(); }));
  control.follow().catch(lastWords);
  await Promise.race([known, sleep(30_000).then(() => { throw new NotReady('control_unreachable'); })]);

  const open = await publicServer(config);
  const local = createServer(serverOptions);
  for (const [server, isLocal] of [[open, false], [local, true]] as const) { server.on('request', gateway.handler(isLocal)); refuseMalformed(server); }
  await listen(open, { port: config.port, host: config.host });
  const door = join(config.runFolder, sockets.gateway);
  rmSync(door, { force: true });
  process.umask(0o077);
  await listen(local, door);
  chmodSync(door, 0o600);

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    gateway.stopping = true;
    events.stopping(gateway.active);
    for (const server of [open, local]) { server.close(); server.closeIdleConnections(); }
    for (const deadline = Date.now() + 8000; gateway.active > 0 && Date.now() < deadline;) await sleep(50);
    await meter.drain(1000);
    ending.abort();
    await Promise.race([Promise.all([upstreams.close(), control.close(), files.objects.close(), files.keys.close()]), sleep(1500)]);
    events.stopped();
    process.exit(0);
  };
  const end = (): void => { stop().catch(lastWords); };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // Without a supervisor nobody would start us again or know what we run: the workers go with us.
  if (config.stopOnStdinEnd) process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();
  events.started(Math.round(performance.now()));
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  say({ ready: true, origin: `${config.tls.mode === 'off' ? 'http' : 'https'}://${host}:${(open.address() as AddressInfo).port}` });
}

try {
  await start(readConfig());
} catch (error) {
  const code = error instanceof NotReady ? error.code : error instanceof Error && error.name === 'ZodError' ? 'configuration_invalid' : 'unexpected';
  events.failed(error instanceof Error ? error.name : 'unknown', code);
  say({ ready: false, code });
  process.exit(1);
}
