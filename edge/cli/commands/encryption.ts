import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CustomerKeySettings, ProviderKind } from '#contract/http/encryption.ts';
import type { Encryption, KeyState } from '#contract/http/encryption.ts';
import { operations } from '#contract/operations.ts';
import type { z } from 'zod';
import type { Command, Context } from '../command.ts';
import { confirm, yesOption } from '../confirm.ts';
import { credentialFileOption, credentialOf, s3Fields } from '../credential.ts';
import type { CredentialField } from '../credential.ts';
import { CliError } from '../exit-codes.ts';
import { checked } from '../settings.ts';
import { bold, count, dim, green, line, mark, printable, red, yellow } from '../terminal.ts';
import { progressOf } from './upload-data.ts';

type Settings = z.output<typeof CustomerKeySettings>;
type Provider = z.output<typeof ProviderKind>;
const keyCount = (keys: number): string => `${count(keys)} data key${keys === 1 ? '' : 's'}`;

const states: Record<KeyState, string> = {
  enabled: green('enabled'), disabled: red('disabled here: nothing is read or written until it is enabled'), denied: red('denied by its provider: nothing is read or written'), unreachable: yellow('its provider does not answer'),
};
function placeOf(settings: Settings): string {
  switch (settings.provider) {
    case 'file': return settings.path ?? '';
    case 'pkcs11': return `${settings.token}/${settings.key}`;
    case 'vault': return `${settings.address} ${settings.mount}/${settings.key}`;
    case 'aws-kms': return `${settings.region} ${settings.key}`;
    case 'azure-key-vault': return `${settings.vault} ${settings.key}`;
  }
}

function tree({ project, platformKey, customerLayer, customerKey, rotation }: Encryption): string[] {
  const customer = customerKey ? [
    `└─ customer-managed key  ${printable(customerKey.settings.provider)} ${printable(placeOf(customerKey.settings))}  ${states[customerKey.state]}`,
    dim(`   │  version ${printable(customerKey.kid)}, set ${customerKey.since}, checked ${customerKey.checkedAt ?? 'never'}; when denied, deployments ${customerKey.onDenied === 'stop' ? 'stop' : 'go on'}`),
    ...(customerKey.developmentOnly ? [`   │  ${yellow('for development only: whoever reads the machine reads the key')}`] : []),
  ] : [`└─ second platform key  version ${printable(customerLayer.version)}  ${dim('no customer-managed key: modelkeep encryption set')}`];
  return [
    bold(`Project ${project}: every file is sealed twice`),
    `├─ platform key  version ${platformKey.version}  ${dim(`since ${platformKey.since}`)}`, `│  └─ wraps ${keyCount(platformKey.dataKeys)} of the platform layer`,
    ...customer, `   └─ wraps ${keyCount(customerLayer.dataKeys)} of the customer layer`,
    ...(rotation ? [yellow(`Rotation under way: ${count(rotation.done)} of ${count(rotation.of)} keys are wrapped anew`)] : []),
  ];
}
const describe = (encryption: Encryption): void => line(tree(encryption).join('\n'));

/** Without a step for so long, in milliseconds, somebody should be told why. */
const stillAfter = 10_000;
const waitOption = { 'no-wait': { type: 'boolean', help: 'return while keys are still wrapped anew' } } as const;

/** Waits until no keys are left to wrap anew. */
async function settled(context: Context, begun: Encryption): Promise<Encryption> {
  if (context.flag('no-wait')) return begun;
  const progress = progressOf(context, 'wrapping keys anew');
  let encryption = begun;
  let moved = { done: -1, at: Date.now() };
  for (; encryption.rotation; encryption = await context.client.callPatiently(operations.showEncryption)) {
    const { done, of } = encryption.rotation;
    progress?.showShare(done, of);
    if (done !== moved.done) moved = { done, at: Date.now() };
    else if (Date.now() > moved.at + stillAfter) {
      moved.at = Number.POSITIVE_INFINITY;
      progress?.end();
      process.stderr.write('It stands still: a key that is needed to unwrap does not answer, or is refused. It goes on by itself when it does. Ctrl-C ends this waiting and nothing else.\n');
    }
    await sleep(300);
  }
  progress?.end();
  return encryption;
}
function done(context: Context, encryption: Encryption, sentence: string): void {
  context.print(encryption, () => { line(`${mark(true)} ${sentence}\n`); describe(encryption); });
}

const show: Command = {
  summary: 'Show the project\'s key hierarchy and the state of its customer-managed key', examples: ['modelkeep encryption show', 'modelkeep encryption show --project research --json'],
  run: async (context) => { const result = await context.client.call(operations.showEncryption); context.print(result, () => describe(result)); },
};

const credentials: Record<Provider, readonly CredentialField[]> = {
  file: [], pkcs11: [{ name: 'pin', asked: 'PIN' }], vault: [{ name: 'token', asked: 'Token' }], 'aws-kms': s3Fields, 'azure-key-vault': [{ name: 'clientSecret', asked: 'Client secret' }],
};
/** Options that differ from the names of their fields. */
const optionNames = { token: '--token-label', caFile: '--ca-file', clientId: '--client-id' };
const pathOf = (context: Context, name: string): string | undefined => { const value = context.text(name); return value === undefined ? undefined : resolve(value); };

function settingsOf(context: Context, provider: Provider): Settings {
  const text = (name: string): string | undefined => context.text(name);
  const given: Record<Provider, Record<string, string | undefined>> = {
    file: { path: pathOf(context, 'path') },
    pkcs11: { library: pathOf(context, 'library'), token: text('token-label'), key: text('key'), configuration: pathOf(context, 'configuration') },
    vault: { address: text('address'), mount: text('mount'), key: text('key'), namespace: text('namespace'), caFile: pathOf(context, 'ca-file') },
    'aws-kms': { region: text('region'), key: text('key'), endpoint: text('endpoint') },
    'azure-key-vault': { vault: text('vault'), key: text('key'), tenant: text('tenant'), clientId: text('client-id'), authority: text('authority') },
  };
  const settings = Object.fromEntries(Object.entries(given[provider]).filter(([, value]) => value !== undefined));
  return checked(CustomerKeySettings, { provider, ...settings }, optionNames);
}

/** What the refusal means for a key that is only tried: the one in use goes on as it was. */
function notSet(error: unknown, provider: Provider): unknown {
  if (!(error instanceof CliError)) return error;
  const told: Record<string, string> = {
    customer_key_denied: 'The provider refused: there is no such key, the credential is wrong, or it may not use the key',
    customer_key_misconfigured: 'The settings or the credential are wrong',
    customer_key_unreachable: provider === 'file' ? 'There is no such file on the server' : 'The provider does not answer there, or not as one of its kind',
  };
  const says = Object.hasOwn(told, error.code) ? told[error.code] : undefined;
  if (says === undefined) return error;
  return new CliError(error.code, `${says}. Nothing was changed.`, error.exitCode, provider === 'file' ? 'Without --path a key is made; a file that is named is there already, and for the user of modelkeep up alone (mode 0600).' : 'Look at the settings of this provider: modelkeep encryption set --help, docs/key-providers.md');
}

const set: Command = {
  summary: 'Use a customer-managed key: data keys are wrapped by it anew, data stays as it is',
  options: {
    provider: { type: 'string', help: ProviderKind.options.join(', ') }, key: { type: 'string', help: 'pkcs11, vault, aws-kms, azure-key-vault: name, label or ARN of the key' },
    path: { type: 'string', help: 'file: path on the server, or a new file in key custody\'s folder; for development only' }, library: { type: 'string', help: 'pkcs11: path of the module on the server' }, 'token-label': { type: 'string', help: 'pkcs11: label of the token' },
    configuration: { type: 'string', help: 'pkcs11: configuration file of the module' }, address: { type: 'string', help: 'vault: its address' }, mount: { type: 'string', help: 'vault: mount of the transit engine (transit)' },
    namespace: { type: 'string', help: 'vault: namespace' }, 'ca-file': { type: 'string', help: 'vault: PEM on the server of the only authority to trust' }, region: { type: 'string', help: 'aws-kms: region' }, endpoint: { type: 'string', help: 'aws-kms: another address' },
    vault: { type: 'string', help: 'azure-key-vault: address of the vault' }, tenant: { type: 'string', help: 'azure-key-vault: tenant' }, 'client-id': { type: 'string', help: 'azure-key-vault: client' },
    authority: { type: 'string', help: 'azure-key-vault: another address to sign in at' }, 'on-denied': { type: 'string', help: 'what running deployments do when the key is denied: keep (default) or stop' }, ...credentialFileOption, ...waitOption,
  },
  examples: ['modelkeep encryption set --provider vault --address https://vault.example.org --key modelkeep --credential-file token', 'modelkeep encryption set --provider aws-kms --region eu-central-1 --key arn:aws:kms:eu-central-1:111122223333:key/ID --on-denied stop'],
  run: async (context) => {
    context.required('provider');
    const provider = context.choice('provider', ProviderKind.options) ?? 'file';
    const settings = settingsOf(context, provider);
    const fields = credentials[provider];
    const credential = fields.length === 0 ? {} : { credential: await credentialOf(context, fields) };
    const result = await context.client.call(operations.setCustomerKey, { body: { settings, onDenied: context.choice('on-denied', ['keep', 'stop']) ?? 'keep', ...credential } }).catch((error: unknown) => { throw notSet(error, provider); });
    done(context, await settled(context, result), 'the customer-managed key is set');
  },
};
const remove: Command = {
  summary: 'Go back to the platform\'s key; the customer-managed key is needed once more, to unwrap', options: { ...yesOption, ...waitOption }, examples: ['modelkeep encryption remove'],
  run: async (context) => {
    await confirm(context, 'Go back to the platform\'s key? The customer\'s key then protects nothing any more.');
    done(context, await settled(context, await context.client.call(operations.removeCustomerKey)), 'the customer-managed key is removed');
  },
};
const rotate: Command = {
  summary: 'Make new versions of the keys that wrap; data stays as it is', options: { layer: { type: 'string', help: 'platform, customer or both (default)' }, ...waitOption }, examples: ['modelkeep encryption rotate', 'modelkeep encryption rotate --layer platform --no-wait --json'],
  run: async (context) => {
    const result = await context.client.call(operations.rotateKeys, { body: { layer: context.choice('layer', ['platform', 'customer', 'both']) ?? 'both' } });
    done(context, await settled(context, result), context.flag('no-wait') ? 'keys are being wrapped anew' : 'every data key is wrapped anew');
  },
};
const disable: Command = {
  summary: 'Stop every use of the customer-managed key at once; nothing is lost', options: yesOption, examples: ['modelkeep encryption disable', 'modelkeep encryption disable --yes --json'],
  run: async (context) => {
    await confirm(context, 'Disable the customer-managed key? Uploads, downloads, jobs and new deployments of the project fail until it is enabled again.');
    done(context, await context.client.call(operations.disableCustomerKey, { body: {} }), 'the customer-managed key is disabled; go on with: modelkeep encryption enable');
  },
};
const enable: Command = {
  summary: 'Use the customer-managed key again', examples: ['modelkeep encryption enable'],
  run: async (context) => { done(context, await context.client.call(operations.enableCustomerKey, { body: {} }), 'the customer-managed key is enabled'); },
};
export const encryption: Record<string, Command> = { show, set, remove, rotate, disable, enable };
