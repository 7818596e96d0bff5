/** What a receipt states about a request, and on whose word. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '#contract/canonical-json.ts';
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
  const digest = `sha256:${createHash('sha256').update(canonicalJson(profile)).digest('hex')}`;
  profileDigests.set(profile, digest);
  return digest;
}

/** No filter is built in yet: every receipt says so. */
const filter: UnsignedReceipt['filter'] = { name: 'none', version: null, digest: null, verdict: 'not_screened', prompt_ranges: [], output_ranges: [] };

function parties({ route, wasForwarded }: ReceiptDraft, metered: boolean): UnsignedReceipt['parties'] {
  const engine = wasForwarded && route ? [{ party: route.engine.kind === 'external' ? 'external_engine' as const : 'worker' as const, received: ['request' as const] }] : [];
  return [{ party: 'gateway', received: ['request', 'answer'] }, ...(metered ? [{ party: 'control' as const, received: ['usage' as const] }] : []), ...engine];
}

/** The program says these things of itself; only what a probe found inside the sandbox is more than a word. */
function claims({ route, profile, wasForwarded }: ReceiptDraft): UnsignedReceipt['claims'] {
  const asserted = (claim: string, source: 'verifier_derived' | 'operator_asserted'): UnsignedReceipt['claims'][number] => ({ claim, status: 'asserted', source });
  const unknown = (claim: string): UnsignedReceipt['claims'][number] => ({ claim, status: 'unknown', source: 'operator_asserted' });
  const embedded = route?.engine.kind === 'embedded';
  return [
    unknown('tee_attested'), asserted('serving_software_known_good', 'operator_asserted'),
    ...(wasForwarded ? [asserted('model_weights_provenance', embedded ? 'verifier_derived' : 'operator_asserted'), asserted('isolation', profile?.claim ?? 'operator_asserted')] : []),
    asserted('region', 'operator_asserted'), asserted('retention', 'operator_asserted'), asserted('cache_scope', 'operator_asserted'),
  ];
}

export function statementOf(draft: ReceiptDraft, place: Place, { outcome, status, code, tokens, last }: Ending): UnsignedReceipt {
  const { route, profile, principal } = draft;
  return {
    api_version: 'modelkeep/receipt/1', receipt_id: draft.requestId, log: place.log, endpoint: draft.endpoint, method: draft.method, served_at: Math.floor(Date.now() / 1000),
    caller: principal?.kind ?? 'unauthenticated', project: route?.projectId ?? principal?.projectId ?? null, deployment: route?.id ?? principal?.deploymentId ?? null,
    outcome, status, code, model_digest: route?.modelDigest ?? null, adapter_digest: null,
    engine: route ? { kind: route.engine.kind, digest: route.engine.kind === 'external' ? declaredEngineDigest(route.engine) : place.engineDigest } : null,
    region: route?.region ?? place.region, geography: route?.geography ?? place.geography,
    isolation: profile ? { tier: profile.tier, profile_digest: digestOfProfile(profile) } : null,
    retention: 'none', cache_scope: draft.wasForwarded ? 'project' : 'none', filter,
    usage: { prompt_tokens: tokens?.prompt ?? 0, cached_tokens: tokens?.cached ?? 0, output_tokens: tokens?.output ?? 0 },
    parties: parties(draft, tokens !== undefined), claims: claims(draft), salt_digest: draft.saltDigest, event_log: draft.events(last), key_id: place.keyId,
  };
}
