/** What the gateway and control say to each other about datastores. A credential comes by here only as key custody sealed it. */
import { z } from 'zod';
import { Datastore, Placement } from '../http/datastores.ts';
import { FileObject, FilePurpose } from '../http/files.ts';
import { DatastoreId, Name } from '../names.ts';
import { SignedOrder } from './key-order.ts';
import { Principal } from './principal.ts';

/** As it is sealed, and opened by whoever reads or writes there. */
export const DatastoreCredential = z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string().optional() });
export type DatastoreCredential = z.output<typeof DatastoreCredential>;

/** `POST /internal/datastores/orders`: an id for a new datastore, and the order to seal its credential under that name. */
export const OrderDatastore = { request: z.strictObject({ principal: Principal, name: Name, geography: Name.optional() }), response: z.object({ id: DatastoreId, order: SignedOrder }) };
/** `POST /internal/datastores`: it exists from here on. Control tries one that sealed bytes are to be written to. */
export const CreateDatastore = {
  request: z.strictObject({ principal: Principal, id: DatastoreId, name: Name, use: z.enum(['sealed', 'designated']), geography: Name.optional(), place: Placement, sealed: z.string().max(16_384).nullable() }),
  response: Datastore,
};
/** `POST /internal/datastores/open`: where designated data lies, and the order that opens its credential for `recipient`: to name a file of it, or to read one that was named. */
export const OpenDatastore = {
  request: z.strictObject({ principal: Principal, recipient: z.base64().length(44), what: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('datastore'), datastore: z.string().max(63) }), z.strictObject({ kind: z.literal('file'), file: z.string().max(63) })]) }),
  response: z.object({ id: DatastoreId, place: Placement, credential: z.object({ sealed: z.string(), order: SignedOrder }).nullable() }),
};
export type OpenedDatastore = z.output<typeof OpenDatastore.response>;
/** `POST /internal/datastores/designate`: a file that lies where its owner has it. */
export const DesignateFile = {
  request: z.strictObject({ principal: Principal, datastore: DatastoreId, path: z.string().min(1).max(512), purpose: FilePurpose, bytes: z.int().min(0), rows: z.int().min(0).nullable() }),
  response: FileObject,
};
