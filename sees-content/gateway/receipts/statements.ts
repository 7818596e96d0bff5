/** What a receipt states about a request, and on whose word. */
import { createHash } from 'node:crypto';
import { spelledProfile } from '#contract/internal/isolation-profile.ts';
import type { IsolationProfile } from '#contract/internal/isolation-profile.ts';
import type { UnsignedReceipt } from '#contract/receipt.ts';
import type { Tokens } from '../inference/tokens.ts';
import type { ReceiptDraft } from './draft.ts';
import { declaredEngineDigest } from './engine-digest.ts';

/** Where this gateway is, and what it runs. */
export interface Place { region: string; geography: string; log: string; keyId: string; engineDigest: string | null }
export interface Ending { outcome: UnsignedReceipt['outcome']; status: number; code: UnsignedReceipt['code']; tokens?: Tokens | undefined; /** Bytes that will be the answer's end. */ last?: Buffer | string | undefined }

const profileDigests = new WeakMap<IsolationProfile, string>();
function digestOfProfile(profile: IsolationProfile): string {
  const known = profileDigests.get(profile);
  if (known !== undefined) return known;
  const digest = `sha256:${createHash('sha256').update(spelledProfile(profile)).digest('hex')}`;
  profileDigests.set(profile, digest);
  return digest;
}

// Members stand in the order of RFC 8785 everywhere here, so that JSON.stringify spells them canonically; a test compares. It is an eighth of the time.

/** No filter is built in yet: every receipt says so. */
const filter: UnsignedReceipt['filter'] = { digest: null, name: 'none', output_ranges: [], prompt_ranges: [], verdict: 'not_screened', version: null };

type Party = UnsignedReceipt['parties'][number];
const gateway: Party = { party: 'gateway', received: ['request', 'answer'] };
const control: Party = { party: 'control', received: ['usage'] };
const worker: Party = { party: 'worker', received: ['request'] };
const externalEngine: Party = { party: 'external_engine', received: ['request'] };

function parties({ route, wasForwarded }: ReceiptDraft, metered: boolean): Party[] {
  const engine = wasForwarded && route ? [route.engine.kind === 'external' ? externalEngine : worker] : [];
  return [gateway, ...(metered ? [control] : []), ...engine];
}

type Claim = UnsignedReceipt['claims'][number];
const asserted = (claim: string, source: Claim['source']): Claim => ({ claim, source, status: 'asserted' });
const own = [asserted('region', 'operator_asserted'), asserted('retention', 'operator_asserted'), asserted('cache_scope', 'operator_asserted')];
const software: Claim[] = [{ claim: 'tee_attested', source: 'operator_asserted', status: 'unknown' }, asserted('serving_software_known_good', 'operator_asserted')];
const weights = { embedded: asserted('model_weights_provenance', 'verifier_derived'), external: asserted('model_weights_provenance', 'operator_asserted') };
const isolation = { verifier_derived: asserted('isolation', 'verifier_derived'), operator_asserted: asserted('isolation', 'operator_asserted') };

/** The program says these things of itself; only what a probe found inside the sandbox, and a file's digest, are more than a word. */
function claims({ route, profile, wasForwarded }: ReceiptDraft): Claim[] {
  return [...software, ...(wasForwarded && route ? [weights[route.engine.kind], isolation[profile?.claim ?? 'operator_asserted']] : []), ...own];
}

/** The receipt without its signature, which is to be set where it stands. */
export function statementOf(draft: ReceiptDraft, place: Place, { outcome, status, code, tokens, last }: Ending): UnsignedReceipt & { signature: string | undefined } {
  const { route, profile, principal } = draft;
  return {
    adapter_digest: null, api_version: 'modelkeep/receipt/1', cache_scope: draft.wasForwarded ? 'project' : 'none', caller: principal?.kind ?? 'unauthenticated', claims: claims(draft), code,
    deployment: route?.id ?? principal?.deploymentId ?? null, endpoint: draft.endpoint,
    engine: route ? { digest: route.engine.kind === 'external' ? declaredEngineDigest(route.engine) : place.engineDigest, kind: route.engine.kind } : null,
    event_log: draft.events(last), filter, geography: route?.geography ?? place.geography,
    isolation: profile ? { profile_digest: digestOfProfile(profile), tier: profile.tier } : null, key_id: place.keyId, log: place.log, method: draft.method,
    model_digest: route?.modelDigest ?? null, outcome, parties: parties(draft, tokens !== undefined), project: route?.projectId ?? principal?.projectId ?? null, receipt_id: draft.requestId,
    region: route?.region ?? place.region, retention: draft.retention, salt_digest: draft.saltDigest, served_at: Math.floor(Date.now() / 1000), signature: undefined, status,
    usage: { cached_tokens: tokens?.cached ?? 0, output_tokens: tokens?.output ?? 0, prompt_tokens: tokens?.prompt ?? 0 },
  };
}
