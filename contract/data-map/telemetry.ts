/** Every field that a telemetry event can have, by its kind. A field of an events.ts that does not stand here fails a test, and so does a line of a log. */

/**
 * - `number`: a count, size, duration or status;
 * - `code`: a word of a closed list, or the name or code of an error;
 * - `id`: an opaque id or a digest, or that there is none (`none`, `external`);
 * - `time`: RFC 3339.
 */
export type FieldKind = 'number' | 'code' | 'id' | 'time';
const field = (kind: FieldKind, means: string): { kind: FieldKind; means: string } => ({ kind, means });

export const telemetryFields: Readonly<Record<string, { kind: FieldKind; means: string }>> = {
  at: field('time', 'when'), process: field('code', 'which process says it'), event: field('code', 'what happened'), pid: field('number', 'process id'),
  requestId: field('id', 'id of the request, as its answer has it'), deploymentId: field('id', 'deployment'), pullId: field('id', 'pull'), artifactDigest: field('id', 'digest of the model file'),
  operation: field('code', 'id of the operation'), code: field('code', 'code of a refusal or an error, or exit status'), status: field('number', 'HTTP status'), outcome: field('code', 'how it ended'),
  failure: field('code', 'why it failed'), state: field('code', 'state of a worker'), tier: field('code', 'isolation tier of a worker'), reason: field('code', 'why it was refused or ignored'),
  name: field('code', 'class of an error, or name of a process of the installation'), signal: field('code', 'signal that ended a process'), file: field('code', 'manifest that the product brings'),
  kind: field('code', 'kind of a credential, or how somebody signs in'), purpose: field('code', 'purpose of a key'), ms: field('number', 'milliseconds'), bytes: field('number', 'bytes received'),
  promptTokens: field('number', 'tokens of the prompt'), outputTokens: field('number', 'tokens of the output'), version: field('number', 'version of a routing snapshot'),
  gateways: field('number', 'gateways connected'), routes: field('number', 'deployments known'), credentials: field('number', 'credentials known'), records: field('number', 'usage records'),
  fresh: field('number', 'records that were new'), reports: field('number', 'worker reports'), restarts: field('number', 'restarts of a worker'), active: field('number', 'requests under way'),
  object: field('id', 'sealed object, or file'), project: field('id', 'project'), action: field('code', 'what is done to keys'), count: field('number', 'keys that were wrapped anew'), locked: field('number', 'whether memory is kept from being swapped: 1 or 0'),
  size: field('number', 'entries of the ledger'), names: field('number', 'names in a certificate'), stderrLines: field('number', 'lines that a process wrote on standard error, which nobody kept'),
};

const shapes: Record<Exclude<FieldKind, 'number'>, RegExp> = {
  code: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/, id: /^(none|external|[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}|sha256:[0-9a-f]{64})$/, time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
};

/** Fields of a log line that are not declared, or whose value is not of the kind that is declared. */
export function foreignFields(line: Record<string, unknown>): string[] {
  return Object.entries(line).filter(([name, value]) => {
    const declared = Object.hasOwn(telemetryFields, name) ? telemetryFields[name] : undefined;
    if (!declared) return true;
    if (value === null || typeof value === 'number') return declared.kind !== 'number' && typeof value === 'number' && name !== 'code';
    return declared.kind === 'number' || typeof value !== 'string' || !shapes[declared.kind].test(value);
  }).map(([name]) => name);
}
