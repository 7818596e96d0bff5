/**
 * Every place outside the family of processes that anything may be sent to. A source file that can open a connection and stands neither here nor
 * in local-connections.ts fails a test (testing/law/), and so does a connection that a running installation opens (testing/egress/).
 */
import type { DataClassId } from './classes.ts';
import type { Process } from './processes.ts';

export interface Opening {
  process: Process;
  /** Source file that opens the connection, or listens for it. */
  file: string;
  /** `program`: another program opens it, started by this file. `answer`: the other side opens it. */
  by: 'connection' | 'program' | 'answer';
  /** Source files that send on the connections that `file` has set up, where those are others. */
  senders?: readonly string[];
}
export interface Destination {
  name: string;
  /** Whose it is and where. */
  where: string;
  /** On whose order anything goes there. */
  order: string;
  /** Classes that may go there. */
  sends: readonly DataClassId[];
  /** What the program or protocol adds of its own accord. */
  adds?: string;
  openings: readonly Opening[];
}
const opens = (process: Process, file: string, by: Opening['by'] = 'connection'): Opening => ({ process, file, by });
/** All of them by the one connection of providers/provider-server.ts. */
const wraps = (...files: string[]): Opening => ({ process: 'key-custody', file: 'holds-keys/providers/provider-server.ts', by: 'connection', senders: files.map((file) => `holds-keys/providers/${file}`) });
const customer = 'Whoever has set this key for a project, and each use of the project\'s data';
/** The audit asks the resolver for the addresses of what is declared, to know a connection by them; it sends nothing there. */
const looksUp = opens('audit', 'never-sees-content/audit/network/declared.ts');

export const destinations = {
  caller: {
    name: 'The caller', where: 'Whoever calls the API with a valid credential; the health routes and the published ledger also answer without one',
    order: 'The caller, by the request', sends: ['output', 'embedding', 'uploaded_data', 'personal', 'credential', 'configuration', 'catalog', 'usage', 'ledger', 'receipt'],
    openings: [opens('gateway', 'sees-content/gateway/main.ts', 'answer')],
  },
  external_engine: {
    name: 'A registered external engine', where: 'An OpenAI-compatible server of the operator\'s choice, at the URL that was registered',
    order: 'The administrator who registered it and whoever deployed on it; for each prompt, the caller', sends: ['prompt', 'operator_credential'],
    openings: [{ ...opens('gateway', 'sees-content/gateway/engine-connection.ts'), senders: ['sees-content/gateway/external-engine.ts'] }, looksUp],
  },
  model_hub: {
    name: 'Hugging Face hub', where: 'HF_ENDPOINT (the public hub unless set) and the storage that it redirects to', order: 'Whoever pulls a model whose manifest names it',
    sends: ['catalog', 'operator_credential'], adds: 'The user agent "modelkeep"', openings: [opens('control', 'never-sees-content/catalog/pull/sources/http-download.ts'), looksUp],
  },
  https_source: {
    name: 'A model file at an HTTPS address', where: 'The address in the manifest', order: 'The administrator who imported the manifest, and whoever pulls it', sends: ['catalog'],
    adds: 'The user agent "modelkeep"', openings: [opens('control', 'never-sees-content/catalog/pull/sources/http-download.ts')],
  },
  python_index: {
    name: 'Python package index', where: 'The index of the machine\'s own pip', order: 'Whoever pulls a model whose manifest names a Python wheel', sends: ['catalog'],
    adds: 'pip\'s own user agent: the versions of pip, Python, the system and its libraries, and the kind of processor',
    openings: [opens('control', 'never-sees-content/catalog/pull/sources/pypi.ts', 'program')],
  },
  database: {
    name: 'The operator\'s PostgreSQL', where: 'DATABASE_URL; where it is not set the database is embedded and nothing leaves the machine', order: 'The operator, by DATABASE_URL',
    sends: ['personal', 'credential', 'provider_credential', 'configuration', 'catalog', 'usage', 'ledger', 'receipt', 'operator_credential'],
    openings: [opens('control', 'never-sees-content/storage/storage.ts'), opens('command-line', 'edge/cli/diagnosis/database.ts'), opens('audit', 'never-sees-content/storage/dump.ts'), opens('backup', 'never-sees-content/storage/one-connection.ts'), looksUp],
  },
  ledger_witness: {
    name: 'A witness of the ledger', where: 'The addresses in the file that MODELKEEP_WITNESSES names', order: 'The operator, by that file', sends: ['ledger'],
    openings: [opens('control', 'never-sees-content/ledger/ask-witness.ts')],
  },
  security_module: {
    name: 'A customer\'s security module', where: 'In the machine, or where the module\'s own PKCS#11 library finds it by its own configuration', order: 'The administrator who named the library for a customer\'s key',
    sends: ['data_key', 'provider_credential'], adds: 'What the library itself does: it is its maker\'s code, in a program that is given data keys, their context and the PIN, and nothing else',
    openings: [opens('key-custody', 'holds-keys/providers/pkcs11/library-process.ts', 'program')],
  },
  object_storage: {
    name: 'S3-compatible storage of a project', where: 'The endpoint that was named with the datastore', order: 'Whoever made the datastore in the project, and whoever stores a file in it or names data there', sends: ['sealed_data', 'provider_credential', 'personal', 'configuration'],
    adds: 'A signature made with the secret access key, which stays here; of temporary credentials the session token goes along; with each object a random id of its write',
    openings: [opens('control', 'never-sees-content/datastores/blobs/s3/bucket.ts'), opens('gateway', 'sees-content/gateway/datastores/s3/read-bucket.ts'), looksUp],
  },
  server: {
    name: 'The server of a command line or studio', where: 'The installation that the user has logged in to; for the studio the one that served its page', order: 'The user, by each command or by what they do on the page',
    sends: ['prompt', 'uploaded_data', 'provider_credential', 'personal', 'credential', 'configuration', 'catalog'],
    openings: [opens('command-line', 'edge/cli/client.ts'), opens('command-line', 'edge/cli/connection.ts'), opens('command-line', 'edge/cli/starter/ask.ts'), opens('studio', 'edge/studio/api/call.ts'), opens('studio', 'edge/studio/api/send-form.ts'), opens('audit', 'never-sees-content/audit/plant/door.ts')],
  },
  customer_key_vault: {
    name: 'A customer\'s Vault or OpenBao', where: 'The address that was set with the key', order: customer, sends: ['data_key', 'provider_credential', 'configuration'],
    openings: [wraps('vault/vault-provider.ts')],
  },
  customer_key_aws: {
    name: 'A customer\'s key in AWS KMS', where: 'KMS of the region in the key\'s name, or the endpoint that was set with it', order: customer, sends: ['data_key', 'provider_credential', 'configuration'],
    adds: 'A signature made with the secret access key, which stays here; of temporary credentials the session token goes along', openings: [wraps('aws-kms/aws-kms-provider.ts')],
  },
  customer_key_azure: {
    name: 'A customer\'s Azure Key Vault', where: 'The vault that was set with the key', order: customer, sends: ['data_key'],
    adds: 'A token that Entra gave for this vault', openings: [wraps('azure-key-vault/azure-key-vault-provider.ts')],
  },
  customer_key_entra: {
    name: 'Microsoft Entra, for a customer\'s Azure Key Vault', where: 'The authority of the vault\'s cloud, or the one that was set with the key; never one that a vault names', order: customer, sends: ['provider_credential'],
    openings: [wraps('azure-key-vault/entra-token.ts')],
  },
  published_ledger: {
    name: 'A published ledger', where: 'The address given to modelkeep-verify', order: 'Whoever runs it', sends: [], openings: [opens('verifier', 'edge/verify/main.ts')],
  },
} as const satisfies Record<string, Destination>;
export type DestinationId = keyof typeof destinations;
