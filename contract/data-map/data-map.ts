/** The data map (P1): what is processed, where, for how long, under which key, and who may be sent it. Generated, never written by hand. */
import { RetentionMode, RetentionNeed } from '../retention.ts';
import { dataClasses } from './classes.ts';
import type { DataClass, DataClassId } from './classes.ts';
import { destinations } from './destinations.ts';
import type { Destination } from './destinations.ts';
import { storedFiles, userFiles } from './files.ts';
import { localConnections } from './local-connections.ts';
import type { LocalConnection } from './local-connections.ts';
import { mappedOperations } from './operation-fields.ts';
import type { MappedOperation } from './operation-fields.ts';
import { processes } from './processes.ts';
import { programs } from './programs.ts';
import type { Program } from './programs.ts';
import type { Protection, StoredFile, Table } from './storage.ts';
import { tables } from './tables.ts';
import { telemetryFields } from './telemetry.ts';

export interface StoredIn { place: string; protection: Protection; kept: string; readers: string; note?: string }
export interface MappedClass extends DataClass {
  id: DataClassId;
  /** Empty for everything that is content. */
  storedIn: StoredIn[];
  mayGoTo: { destination: string; name: string; order: string }[];
  /** Operations with a field of this class, as `operation.part.path`. */
  fields: string[];
}
type With<T> = T & { id: string };
export interface DataMap {
  promise: string;
  retention: { modes: readonly RetentionMode[]; refused: readonly RetentionNeed[] };
  processes: With<(typeof processes)[keyof typeof processes]>[];
  classes: MappedClass[];
  destinations: With<Destination>[];
  localConnections: With<LocalConnection>[];
  programs: readonly Program[];
  tables: (Table & { table: string })[];
  files: readonly StoredFile[];
  userFiles: readonly StoredFile[];
  telemetryFields: typeof telemetryFields;
  operations: MappedOperation[];
}

const named = <T extends object>(record: Readonly<Record<string, T>>): With<T>[] => Object.entries(record).map(([id, entry]) => ({ id, ...entry }));

/** Columns of a table that hold a class: one place for each way in which they are protected. */
function columnsHolding(id: DataClassId): StoredIn[] {
  return Object.entries(tables).flatMap(([table, { columns, kept, readers }]) => Object.entries(columns).filter(([, column]) => column.class === id)
    .map(([column, { protection, note }]) => ({ place: `${table}.${column}`, protection, kept, readers, ...(note === undefined ? {} : { note }) })));
}
const filesHolding = (id: DataClassId): StoredIn[] => [...storedFiles, ...userFiles].filter((file) => file.class === id)
  .map(({ path, protection, kept, readers, what }) => ({ place: path, protection, kept, readers, note: what }));

function mapClass(id: DataClassId, operations: MappedOperation[]): MappedClass {
  return {
    id, ...dataClasses[id], storedIn: [...columnsHolding(id), ...filesHolding(id)],
    mayGoTo: named<Destination>(destinations).filter(({ sends }) => sends.includes(id)).map(({ id: destination, name, order }) => ({ destination, name, order })),
    fields: operations.flatMap((operation) => operation.fields.filter((field) => field.class === id).map((field) => `${operation.id}.${field.part}.${field.path}`)),
  };
}

export function dataMap(): DataMap {
  const operations = mappedOperations();
  return {
    promise: 'The data processed is exactly what stands here. Prompts and outputs are in memory for one request and are stored nowhere.',
    retention: { modes: RetentionMode.options, refused: RetentionNeed.options.filter((need) => need !== 'none') },
    processes: named(processes), classes: (Object.keys(dataClasses) as DataClassId[]).map((id) => mapClass(id, operations)),
    destinations: named<Destination>(destinations), localConnections: named<LocalConnection>(localConnections), programs,
    tables: Object.entries(tables).map(([table, entry]) => ({ table, ...entry })), files: storedFiles, userFiles, telemetryFields, operations,
  };
}
