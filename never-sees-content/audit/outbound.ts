/** Where the installation's processes sent anything while the matrix was planted. */
import { operations } from '#contract/operations.ts';
import { readWitnesses } from '../ledger/witness-list.ts';
import { variableOf } from './config.ts';
import type { Installation } from './installation.ts';
import { declaredDestinations } from './network/declared.ts';
import type { Declared } from './network/declared.ts';
import type { Destination, NetworkWatch } from './network/watch.ts';
import { Api } from './plant/api.ts';
import type { Door } from './plant/door.ts';

export interface Outbound {
  looks: number; sawOwnEngine: boolean;
  /** Processes whose connections the kernel did not show. */
  unread: { name: string; code: string }[];
  /** `declaredAs`: null where nobody has declared it. */
  destinations: (Destination & { declaredAs: string | null })[];
  declared: { host: string; as: string }[];
}

const proxies = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'PIP_INDEX_URL'];

async function declarations({ configuration, processes }: Installation, local: Door, databaseUrl: string): Promise<Declared[]> {
  const engines = (await new Api(local).ask(operations.listEngines)).data.map(({ url, name }) => ({ url, as: `external engine ${name}` }));
  const storage = (await Promise.all((await new Api(local).ask(operations.listProjects)).data.map(async ({ name }) => (await new Api(local, name).ask(operations.listDatastores)).data)))
    .flat().flatMap(({ place, name }) => (place.kind === 's3' ? [{ url: place.endpoint, as: `datastore ${name}` }] : []));
  const control = processes.find(({ name }) => name === 'control')?.pid ?? 0;
  const settings = proxies.flatMap((name) => { try { const url = variableOf(control, name); return url === undefined ? [] : [{ url, as: name }]; } catch { return []; } });
  const database = configuration.database === 'embedded' ? [] : [{ url: databaseUrl, as: 'external database' }];
  const witnesses = readWitnesses(configuration.MODELKEEP_WITNESSES).map(({ url, name }) => ({ url, as: `ledger witness ${name}` }));
  return await declaredDestinations([...engines, ...storage, ...settings, ...database, ...witnesses, { url: configuration.HF_ENDPOINT, as: 'source of models' }]);
}

export async function outboundOf(watch: NetworkWatch, installation: Installation, local: Door, databaseUrl: string): Promise<Outbound> {
  const declared = await declarations(installation, local, databaseUrl);
  return {
    looks: watch.looks, sawOwnEngine: watch.sawOwnEngine, unread: watch.unread.map(([name, code]) => ({ name, code })),
    destinations: watch.destinations.map((destination) => ({ ...destination, declaredAs: declared.find(({ addresses }) => addresses.includes(destination.address))?.as ?? null })),
    declared: declared.map(({ host, as }) => ({ host, as })),
  };
}
