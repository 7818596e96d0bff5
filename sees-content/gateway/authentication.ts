/** Who is asking: from whichever header an SDK uses, by the keyed hash of what it carries. */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '#contract/internal/principal.ts';
import { GatewayError } from './gateway-error.ts';
import type { RoutingTable } from './routing-table.ts';

/** The one key of a request. Several headers may carry it (some SDKs send two); they must agree. */
export function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  const bearer = authorization !== undefined && /^bearer /i.test(authorization) ? authorization.slice(7) : authorization;
  const keys = [bearer, ...values(headers['api-key']), ...values(headers['ocp-apim-subscription-key'])]
    .flatMap((key) => (key === undefined || key.trim() === '' ? [] : [key.trim()]));
  if (keys.some((key) => key !== keys[0])) throw new GatewayError('conflicting_api_keys');
  return keys[0];
}

/** A header that is sent twice arrives as one, with a comma that no key has. */
const values = (header: string | string[] | undefined): string[] => (header === undefined ? [] : String(header).split(','));

export class Authenticator {
  readonly #hashKey: KeyObject;
  constructor(hashKey: Buffer) { this.#hashKey = createSecretKey(hashKey); }

  /** The keyed hash by which the installation knows a credential. */
  hashOf(credential: string): string { return createHmac('sha256', this.#hashKey).update(credential).digest('hex'); }

  /** @throws GatewayError missing_api_key, invalid_api_key, conflicting_api_keys, project_not_found */
  authenticate(headers: IncomingHttpHeaders, table: RoutingTable): Principal {
    const key = presentedKey(headers);
    if (key === undefined) throw new GatewayError('missing_api_key');
    if (key.length > 512) throw new GatewayError('invalid_api_key');
    const hash = this.hashOf(key);
    const found = table.credential(hash);
    if (!found || !timingSafeEqual(Buffer.from(found.hash, 'hex'), Buffer.from(hash, 'hex'))) throw new GatewayError('invalid_api_key');
    if (found.expiresAt !== null && found.expiresAt * 1000 <= Date.now()) throw new GatewayError('invalid_api_key');
    if (found.kind === 'project_token' && namesAnother(headers, table, found.projectId)) throw new GatewayError('project_not_found');
    return { kind: found.kind, id: found.id, deploymentId: found.deploymentId, projectId: found.kind === 'administrator' ? chosenProject(headers, table) : found.projectId };
  }

  /** The user of `modelkeep up`, on the local door. */
  local(headers: IncomingHttpHeaders, table: RoutingTable): Principal {
    return { kind: 'local_user', id: 'local', deploymentId: null, projectId: chosenProject(headers, table) };
  }
}

/** A token acts in its own project alone. Where it is asked to act in another one, what was meant for that one does not go into this. */
function namesAnother({ 'x-modelkeep-project': name }: IncomingHttpHeaders, table: RoutingTable, own: string | null): boolean {
  return typeof name === 'string' && name !== '' && table.project(name) !== own;
}

function chosenProject(headers: IncomingHttpHeaders, table: RoutingTable): string | null {
  const name = headers['x-modelkeep-project'];
  if (typeof name !== 'string' || name === '') return table.project('default') ?? null;
  const id = table.project(name);
  if (id === undefined) throw new GatewayError('project_not_found');
  return id;
}

/** Slows down an address that keeps guessing, and nobody else. */
export class GuessingGuard {
  readonly #failures = new Map<string, { count: number; since: number }>();
  static readonly #windowMs = 60_000;
  static readonly #free = 20;
  static readonly #most = 10_000;

  /** Milliseconds to wait before a refusal is told. */
  refused(address: string): number {
    const now = Date.now();
    const entry = this.#failures.get(address);
    const current = entry && now - entry.since < GuessingGuard.#windowMs ? entry : { count: 0, since: now };
    current.count++;
    this.#failures.delete(address);
    this.#failures.set(address, current);
    if (this.#failures.size > GuessingGuard.#most) this.#failures.delete(this.#failures.keys().next().value ?? '');
    return Math.min(2000, Math.max(0, current.count - GuessingGuard.#free) * 50);
  }
}
