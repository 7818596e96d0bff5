/** What is to be planted for one operation: every field and header, with every outcome that its contract allows. */
import { carriesContent } from '#contract/operation.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { accepts, example } from './example.ts';
import type { Givens } from './example.ts';
import { fileField } from './form.ts';
import { formPlan } from './form-plan.ts';
import { placements } from './placements.ts';
import { planned } from './planned.ts';
import type { Planned } from './planned.ts';
import { sentTo } from './send.ts';
import type { Parts, Sent } from './send.ts';

export interface Ground {
  params: Givens; query: Givens; request: Givens;
  /** Makes values that must be new for every request, such as the name of what is created. */
  fresh(): Givens;
  /** Whether the request names something that exists already, so that it is refused in the end. */
  taken: boolean;
  /** Bytes, one more than a body of this operation may have. */
  tooLarge: number;
}

const sections = ['params', 'query', 'request'] as const;
type Section = (typeof sections)[number];
const headers = ['user-agent', 'referer', 'cookie', 'x-note', 'x-request-id', 'x-ms-client-request-id', 'traceparent', 'x-forwarded-for', 'extra-parameters', 'x-modelkeep-project', 'x-modelkeep-principal'];

/** The operation that takes back what this one makes. */
export function inverseOf(operation: Operation): Operation | undefined {
  if (operation.response === operations.retrieveFile.response) return operations.deleteFile;
  return (Object.values(operations) as Operation[]).find(({ method, path }) => method === 'DELETE' && path.startsWith(`${operation.path}/{`) && !path.slice(operation.path.length + 1).includes('/'));
}
/** What is made stays for ever: then only requests that are refused in the end are planted. */
export const isIrreversible = (operation: Operation): boolean => operation.status === 201 && inverseOf(operation) === undefined;
const names = ['name', 'version'];
/** What makes something, or changes keys, and needs not do that for every header. */
const makes = ({ id, status, requestMedia, tag }: Operation): boolean => status === 201 || requestMedia !== undefined || tag === 'encryption' || id === 'createUpload';

/** Whether a canary in this field of the request would make something that nothing takes back. */
const wouldStay = (operation: Operation, { taken }: Ground, path: string): boolean => isIrreversible(operation) && (!taken || names.includes(path));

/** Fields that are planted in refused requests only. */
export function notPlanted(operation: Operation, ground: Ground): string[] {
  return operation.request ? placements(operation.request).filter(({ path, valid }) => valid && wouldStay(operation, ground, path)).map(({ path }) => `request ${path}`) : [];
}

export function plan(operation: Operation, ground: Ground): Planned[] {
  const parts = (section?: Section, value?: unknown): Parts => {
    const filled: Parts = { params: ground.params };
    if (operation.params) filled.params = { ...ground.params, ...example(operation.params, ground.params) as object };
    if (operation.query) filled.query = example(operation.query, ground.query) as Record<string, unknown>;
    if (operation.request) filled.body = example(operation.request, { ...ground.request, ...ground.fresh() });
    if (section === 'params') filled.params = { ...filled.params, ...value as object };
    if (section === 'query') filled.query = value as Record<string, unknown>;
    if (section === 'request') filled.body = value;
    return filled;
  };
  // What makes something is told its headers with a body that it refuses.
  const bare = (): Parts => (makes(operation) && operation.request ? { ...parts(), body: { audit: 'audit' } } : parts());
  const at = (more: Parts, pattern = operation.path): Sent => sentTo(operation, pattern, more);
  return [
    ...sections.flatMap((section) => inSection(operation, ground, section, (value, pattern) => at(parts(section, value), pattern))),
    ...headers.map((header) => planned(`header ${header}`, 'header', (canary) => at({ ...bare(), headers: { [header]: canary } }))),
    ...(operation.access === 'none' ? [] : [planned('header authorization', 'wrong_credential', (canary): Sent => ({ ...at(bare()), credential: { text: `mk-ek-${canary}` } }), 'secret')]),
    planned('query name', 'unknown_query', (canary) => at({ ...bare(), query: { ...parts().query, [canary]: 'audit' } })),
    planned('query value', 'unknown_query', (canary) => at({ ...bare(), query: { ...parts().query, audit: canary } })),
    planned('path', 'unknown_path', (canary) => at(bare(), `${operation.path}/${canary}`)),
    ...(operation.request === undefined ? [] : fileField(operation) === undefined ? spoiltBodies(ground, () => at(parts())) : formPlan(operation, parts().body as object, () => at(parts()))),
    ...(carriesContent(operation) ? (operation.aliases ?? []).map((alias) => planned(`request by ${alias}`, 'complete', (canary) => at(parts('request', firstText(operation, ground)(canary)), alias), 'content')) : []),
  ];
}

function firstText(operation: Operation, ground: Ground): (canary: string) => unknown {
  const text = operation.request && placements(operation.request, ground.request).find(({ mark, valid }) => mark === 'content' && valid)?.valid;
  return text ?? ((canary) => canary);
}

/** A field of the request: as it is allowed, streamed, left early, without a credential, and of a wrong type. */
function inSection(operation: Operation, ground: Ground, section: Section, sendBy: (value: unknown, pattern?: string) => Sent): Planned[] {
  const schema = operation[section];
  if (!schema) return [];
  return placements(schema, section === 'request' ? { ...ground.request, ...ground.fresh() } : ground[section]).flatMap(({ path, mark, valid, invalid }) => {
    const field = `${section} ${path}`;
    // A parameter may stand in an alias only.
    const pattern = section === 'params' ? [operation.path, ...(operation.aliases ?? [])].find((each) => each.includes(`{${path}}`)) : undefined;
    const send = (value: unknown): Sent => sendBy(value, pattern);
    // Where a union has another branch for it, the wrong type is a right one.
    const found = accepts(schema, invalid('mkcanary')) || path === fileField(operation) ? [] : [planned(field, 'refused_by_validation', (canary) => send(invalid(canary)), mark)];
    if (!valid) return found;
    // Each request that creates something needs a name of its own, unless the name is the canary.
    const value = (canary: string): unknown => (section === 'request' && path !== 'name' ? { ...valid(canary) as object, ...ground.fresh() } : valid(canary));
    if (operation.access !== 'none') found.push(planned(field, 'refused_by_authentication', (canary) => ({ ...send(value(canary)), credential: 'none' }), mark));
    if (section === 'request' && wouldStay(operation, ground, path)) return found;
    found.push(planned(field, 'complete', (canary) => send(value(canary)), mark));
    if (operation.event && section === 'request') {
      found.push(planned(field, 'complete', (canary) => send({ ...value(canary) as object, stream: true }), mark, true));
      found.push(planned(field, 'aborted', (canary) => ({ ...send({ ...value(canary) as object, stream: true, max_tokens: 300 }), abort: true }), mark, true));
    }
    return found;
  });
}

function spoiltBodies(ground: Ground, good: () => Sent): Planned[] {
  const body = (change: (canary: string, sent: Sent) => Partial<Sent>) => (canary: string): Sent => { const sent = good(); return { ...sent, ...change(canary, sent) }; };
  const withMember = (sent: Sent, name: string, value: string): string => JSON.stringify({ ...JSON.parse(sent.body ?? '{}') as object, [name]: value });
  return [
    planned('request name of a field', 'unknown_field', body((canary, sent) => ({ body: withMember(sent, canary, 'audit') }))),
    planned('request value of a field', 'unknown_field', body((canary, sent) => ({ body: withMember(sent, 'audit_unknown', canary) }))),
    planned('request value of a field to be dropped', 'unknown_field', body((canary, sent) => ({ body: withMember(sent, 'audit_unknown', canary), headers: { ...sent.headers, 'extra-parameters': 'drop' } }))),
    planned('request', 'broken_json', body((canary, sent) => ({ body: `${(sent.body ?? '{').slice(0, -1)},"audit":"${canary}` }))),
    planned('request', 'wrong_media_type', body((canary) => ({ body: canary, headers: { 'content-type': 'text/plain' } }))),
    planned('request', 'too_large', body((canary) => ({ body: JSON.stringify({ audit: canary, padding: 'x'.repeat(ground.tooLarge) }) }))),
    planned('request', 'cut_off', body((canary, sent) => ({ body: `${(sent.body ?? '{').slice(0, -1)},"audit":"${canary}`, cut: true }))),
  ];
}
