/** The classes of data: all that the product ever handles. Each belongs to a group, and is worked on by the processes named here and no other. */
import type { Process } from './processes.ts';

export type Group = 'content' | 'personal' | 'secret' | 'public' | 'telemetry' | 'usage' | 'ledger' | 'sealed';

export interface Processing { process: Process; /** How long it is in that process's memory. */ held: string }
export interface DataClass { group: Group; name: string; means: string; processed: readonly Processing[] }

const during = (held: string, ...processes: Process[]): Processing[] => processes.map((process) => ({ process, held }));
const request = 'one request';
const page = 'as long as the page is open';
const lifetime = 'while the process runs';
/** It reads what is stored, and the memory of processes that see no content, a few megabytes at a time, and compares. */
const compared = during('one comparison with canaries', 'audit');
/** Some hundred rows, or a megabyte of a file, at a time. */
const copied = during('while it is copied into a backup, or out of one', 'backup');

export const dataClasses = {
  prompt: {
    group: 'content', name: 'Prompts', means: 'Messages, texts, inputs to embed, tool definitions, stop sequences and forms of the answer: every request field marked content',
    processed: [...during(request, 'gateway', 'worker'), ...during('one command', 'command-line'), ...during(page, 'studio')],
  },
  output: {
    group: 'content', name: 'Outputs', means: 'Generated text, tool calls and their arguments, log-probabilities: every answer field marked content',
    processed: [...during(request, 'gateway', 'worker'), ...during('one command', 'command-line'), ...during(page, 'studio')],
  },
  uploaded_data: {
    group: 'content', name: 'Uploaded data', means: 'Files of customers and their parts: checked and sealed while they arrive, opened for their owner alone',
    processed: [...during(request, 'gateway'), ...during('one command', 'command-line'), ...during(page, 'studio')],
  },
  sealed_data: {
    group: 'sealed', name: 'Sealed data', means: 'Uploaded data as ciphertext in two layers: nothing can be read of it without both of its data keys', processed: [...during(request, 'gateway', 'control'), ...compared],
  },
  data_key: {
    group: 'secret', name: 'Data keys', means: 'Two keys of 32 bytes for each sealed object; stored only as wrapped by the platform key and the customer\'s', processed: [...during('one release, and a minute where a customer-managed key does not answer', 'key-custody'), ...during('one wrapping or unwrapping', 'key-library'), ...during('one request', 'gateway'), ...compared],
  },
  provider_credential: {
    group: 'secret', name: 'Credentials of the customer', means: 'The PIN, token or secret of a customer-managed key, and of a datastore of the customer\'s',
    processed: [...during(lifetime, 'key-custody'), ...during('the PIN: one login', 'key-library'), ...during(request, 'gateway'), ...during('while the datastore is used', 'control'), ...during('one command', 'command-line'), ...during(page, 'studio'), ...compared],
  },
  embedding: { group: 'content', name: 'Embeddings', means: 'Vectors computed from inputs', processed: during(request, 'gateway', 'worker') },
  engine_state: {
    group: 'content', name: 'Engine state', means: 'Tokens, and the key-value and prefix caches that an engine computes from them',
    processed: during('until it is replaced by another request of the same project, or the worker ends', 'worker'),
  },
  personal: {
    group: 'personal', name: 'Personal data', means: 'Names of people and tokens, roles, sessions with the browser\'s name and system, and which account or credential (an opaque id) made what; accepted and dropped: the fields "user" and "metadata" of OpenAI\'s API',
    processed: [...during(request, 'gateway', 'control'), ...during('one command', 'command-line'), ...during(page, 'studio'), ...compared, ...copied],
  },
  network_address: {
    group: 'personal', name: 'Network addresses', means: 'Addresses of callers who present wrong keys or passwords, to slow them down', processed: during('until 10,000 other addresses have followed, or the process ends', 'gateway'),
  },
  credential: {
    group: 'secret', name: 'Credentials', means: 'Endpoint keys, project tokens, administrator credentials, sessions and sign-in links: stored only as keyed hashes, of keys and tokens with the first characters as a hint; passwords: stored as argon2id',
    processed: [...during(request, 'gateway', 'control', 'key-custody'), ...during('until it was shown, at the first start', 'supervisor'), ...during('one command', 'command-line'), ...during(page, 'studio'), ...during('the cookie of a session: until the session or the browser ends', 'studio'), ...compared, ...copied],
  },
  operator_credential: {
    group: 'secret', name: 'Credentials of the operator', means: 'The bearer credential and client key of an external engine, the token of the model hub, the password in DATABASE_URL: read from the operator\'s own files and environment; the passphrase of a backup of the keys: typed, or read from the operator\'s file',
    processed: [...during('until its file changes', 'gateway'), ...during(lifetime, 'control', 'supervisor'), ...during('one command: of DATABASE_URL the address is used', 'command-line'), ...during('one command: the passphrase', 'key-backup'), ...during('one command: DATABASE_URL', 'backup'), ...compared],
  },
  key_material: {
    group: 'secret', name: 'Key material', means: 'The root key, the platform keys of projects, the authority\'s key, the keys derived from the root key for one purpose each, the key of the TLS certificate, the key by which control signs orders',
    processed: [...during(lifetime, 'key-custody'), ...during('the keys of two purposes and the TLS key, while the process runs', 'gateway'), ...during('the key of its orders, while the process runs', 'control', 'supervisor'), ...during('while a backup of the keys is made or restored', 'key-backup'), ...compared],
  },
  configuration: {
    group: 'public', name: 'Configuration', means: 'Names, ids, limits and states of projects, deployments, keys and engines; isolation profiles; settings without secrets',
    processed: [...during('of a key provider: while the key is in use', 'key-custody'), ...during(lifetime, 'control', 'gateway', 'supervisor'), ...during('one command', 'command-line'), ...during(page, 'studio'), ...compared, ...copied],
  },
  catalog: {
    group: 'public', name: 'Catalog', means: 'Model manifests: names, licences, sources and digests; what is pulled and how far', processed: [...during(lifetime, 'control', 'gateway'), ...during('one command', 'command-line'), ...during(page, 'studio'), ...compared, ...copied],
  },
  model_file: { group: 'public', name: 'Model files', means: 'Weights and companions, as their publishers offer them', processed: [...during('one pull', 'control'), ...during('while the model is deployed', 'worker'), ...compared, ...copied] },
  telemetry: {
    group: 'telemetry', name: 'Telemetry events', means: 'Log lines made of numbers, codes and opaque ids; the fields are listed below', processed: [...during('one line', 'control', 'gateway', 'key-custody', 'supervisor'), ...compared],
  },
  receipt: {
    group: 'ledger', name: 'Receipts', means: 'For each request: ids, digests, codes, counts and salted commitments to the exact bytes, signed; control has their hashes only',
    processed: [...during('a quarter of an hour, or as configured', 'gateway'), ...during('one command', 'command-line'), ...during(page, 'studio'), ...during('their hashes: until they are batched', 'control'), ...compared, ...copied],
  },
  usage: {
    group: 'usage', name: 'Usage records', means: 'For each answered request: ids, model digest, region, outcome, time and counts of tokens',
    processed: [...during('until it is committed', 'gateway', 'control'), ...during('one command', 'command-line'), ...during(page, 'studio'), ...compared, ...copied],
  },
  ledger: {
    group: 'ledger', name: 'Ledger entries', means: 'Every change in control: what, when, by which credential, and its facts, names of tokens included; published as hashes, with names and facts only committed to',
    processed: [...during('one change', 'control'), ...during('tree heads, while they are signed', 'key-custody'), ...during('one check', 'verifier'), ...during(request, 'gateway'), ...during('one command', 'command-line'), ...during(page, 'studio'), ...compared, ...copied],
  },
} as const satisfies Record<string, DataClass>;

export type DataClassId = keyof typeof dataClasses;
export const isContent = (id: DataClassId): boolean => dataClasses[id].group === 'content';
