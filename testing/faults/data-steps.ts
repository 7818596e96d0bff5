/**
 * Steps of uploads, deletions and rotations, as they can be seen from outside while they happen: a row, a file, a file that is gone. Whoever wants to kill at a step
 * begins the operation here and waits until the step is `reached`.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { content } from './data-clients.ts';
import type { DataClient } from './data-clients.ts';
import type { DataState } from './data-state.ts';

export interface World { client: DataClient; state: DataState; project: string }
export interface Begun {
  /** Resolves at the step; false where the operation ended before it was seen. */
  reached: Promise<boolean>;
  /** Lets a client that waits in the middle of its bytes send the rest. */
  goOn: () => void;
  /** Resolves when the operation has ended, in whatever way. */
  ended: Promise<void>;
}
export interface Step { name: string; begin(world: World): Promise<Begun> }

type Look = (watch: Watch) => Promise<boolean>;
interface Found { object: string; project: string }

/** Looks again and again, until something is so or the operation has ended. */
class Watch {
  over = false;
  readonly #state: DataState;
  readonly #sql: pg.Client;
  constructor(state: DataState, sql: pg.Client) { this.#state = state; this.#sql = sql; }

  async until(so: () => boolean): Promise<boolean> {
    for (;;) {
      if (so()) return true;
      if (this.over) return false;
      await nextTurn();
    }
  }

  async row<T extends object>(text: string, value: string): Promise<T | undefined> {
    for (;;) {
      const [row] = (await this.#sql.query<T>(text, [value])).rows;
      if (row) return row;
      if (this.over) return undefined;
    }
  }

  async object(text: string, value: string): Promise<(Found & { keys: string; bytes: string }) | undefined> {
    const found = await this.row<Found>(text, value);
    return found && { ...found, keys: this.#state.keyFile(found.project, found.object), bytes: this.#state.objectFile(found.project, found.object) };
  }
}

function begun(world: World, operation: Promise<unknown>, look: Look, goOn: () => void = () => undefined): Begun {
  let watch: Watch | undefined;
  const ended = operation.then(() => undefined, () => undefined);
  const reached = world.state.sql(async (sql) => {
    watch = new Watch(world.state, sql);
    const mine = watch;
    // What the operation has left to do is done after its answer.
    void ended.then(() => sleep(2000)).then(() => { mine.over = true; });
    return await look(mine);
  });
  return { reached, goOn, ended };
}

const ofFile = 'select object_id as object, project_id as project from files where filename = $1';
const ofFileId = 'select object_id as object, project_id as project from files where id = $1';
const ofPart = 'select object_id as object, o.project_id as project from upload_parts p join objects o on o.id = p.object_id where upload_id = $1';

/** Half of its bytes come at once, the others when it is told. */
function halves(bytes: Buffer): { sent: AsyncIterable<Buffer>; goOn: () => void } {
  const gate = Promise.withResolvers<undefined>();
  const sent = async function* (): AsyncGenerator<Buffer> {
    yield bytes.subarray(0, bytes.length / 2);
    await gate.promise;
    yield bytes.subarray(bytes.length / 2);
  };
  return { sent: sent(), goOn: () => gate.resolve(undefined) };
}

const size = 600_000;

function uploadStep(name: string, look: (watch: Watch, file: string) => Promise<boolean>, waits: boolean): Step {
  return {
    name: `upload: ${name}`,
    begin: (world) => {
      const bytes = content(size);
      const file = `step-${randomUUID()}`;
      const { sent, goOn } = halves(bytes);
      if (!waits) goOn();
      return Promise.resolve(begun(world, world.client.upload(bytes, { name: file, sent }), (watch) => look(watch, file), goOn));
    },
  };
}

function partStep(name: string, look: (watch: Watch, upload: string) => Promise<boolean>, waits: boolean): Step {
  return {
    name: `part: ${name}`,
    begin: async (world) => {
      const bytes = content(size);
      const upload = await world.client.createUpload(bytes.length, `step-${randomUUID()}`);
      const { sent, goOn } = halves(bytes);
      if (!waits) goOn();
      return begun(world, world.client.addPart(upload, bytes, sent), (watch) => look(watch, upload), goOn);
    },
  };
}

/** An upload whose two parts have arrived. */
async function inParts({ client }: World): Promise<{ upload: string; file: string; parts: string[]; whole: Buffer }> {
  const whole = content(size);
  const file = `step-${randomUUID()}`;
  const upload = await client.createUpload(whole.length, file);
  const parts = [await client.addPart(upload, whole.subarray(0, size / 2)), await client.addPart(upload, whole.subarray(size / 2))];
  return { upload, file, parts, whole };
}

function completionStep(name: string, look: (watch: Watch, upload: { upload: string; file: string }, part: { keys: string }) => Promise<boolean>): Step {
  return {
    name: `completion of an upload: ${name}`,
    begin: async (world) => {
      const made = await inParts(world);
      const part = await partOf(world, made.upload);
      return begun(world, world.client.completeUpload(made.upload, made.parts, made.whole), (watch) => look(watch, made, part));
    },
  };
}

function cancelStep(name: string, look: (watch: Watch, upload: string, part: { keys: string; bytes: string }) => Promise<boolean>): Step {
  return {
    name: `cancellation of an upload: ${name}`,
    begin: async (world) => {
      const { upload } = await inParts(world);
      const part = await partOf(world, upload);
      return begun(world, world.client.cancelUpload(upload), (watch) => look(watch, upload, part));
    },
  };
}

async function partOf({ state }: World, upload: string): Promise<{ keys: string; bytes: string }> {
  const found = await state.sql(async (sql) => (await sql.query<Found>(ofPart, [upload])).rows[0]);
  if (!found) throw new Error('an upload without parts');
  return { keys: state.keyFile(found.project, found.object), bytes: state.objectFile(found.project, found.object) };
}

function deletionStep(name: string, look: (watch: Watch, file: string, of: { keys: string; bytes: string }) => Promise<boolean>): Step {
  return {
    name: `deletion: ${name}`,
    begin: async (world) => {
      const file = await world.client.upload(content(size));
      const found = await world.state.sql(async (sql) => (await sql.query<Found>(ofFileId, [file])).rows[0]);
      if (!found) throw new Error('a file without a row');
      const of = { keys: world.state.keyFile(found.project, found.object), bytes: world.state.objectFile(found.project, found.object) };
      return begun(world, world.client.delete(file), (watch) => look(watch, file, of));
    },
  };
}

interface Before { version: number; standIn: number; inodes: Map<string, number> }
const inodeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.ino ?? 0;

function rotationStep(name: string, so: (world: World, before: Before) => boolean): Step {
  return {
    name: `rotation: ${name}`,
    begin: (world) => {
      const { state, project } = world;
      const before = { version: state.versions(project, 'platform').at(-1) ?? 0, standIn: state.versions(project, 'stand_in').at(-1) ?? 0, inodes: new Map(state.keyFiles(project).map((path) => [path, inodeOf(path)])) };
      return Promise.resolve(begun(world, world.client.rotate(), (watch) => watch.until(() => so(world, before))));
    },
  };
}
/** Records that were written anew: a share of those that were there. */
const rewrapped = ({ inodes }: Before, share: number): boolean => [...inodes].filter(([path, inode]) => inodeOf(path) !== inode).length > inodes.size * share;

const whenObject = (text: string, so: (of: { keys: string; bytes: string }) => boolean) => async (watch: Watch, value: string): Promise<boolean> => {
  const of = await watch.object(text, value);
  return of !== undefined && await watch.until(() => so(of));
};
const whenRow = (text: string) => async (watch: Watch, value: string): Promise<boolean> => await watch.row(text, value) !== undefined;

export const steps: readonly Step[] = [
  uploadStep('its row is there', whenRow(ofFile), true),
  uploadStep('its keys are there', whenObject(ofFile, ({ keys }) => existsSync(keys)), true),
  uploadStep('its bytes arrive', whenObject(ofFile, ({ bytes }) => existsSync(`${bytes}.writing`)), true),
  uploadStep('its bytes are in place', whenObject(ofFile, ({ bytes }) => existsSync(bytes)), false),
  uploadStep('its row says that it is stored', whenRow("select 1 from files where filename = $1 and state = 'ready'"), false),
  partStep('its bytes arrive', whenObject(ofPart, ({ bytes }) => existsSync(`${bytes}.writing`)), true),
  partStep('its bytes are in place', whenObject(ofPart, ({ bytes }) => existsSync(bytes)), false),
  completionStep('the file has a row', (watch, { file }) => whenRow(ofFile)(watch, file)),
  completionStep('the file\'s bytes arrive', (watch, { file }) => whenObject(ofFile, ({ bytes }) => existsSync(`${bytes}.writing`) || existsSync(bytes))(watch, file)),
  completionStep('the file is there', (watch, { upload }) => whenRow("select 1 from uploads where id = $1 and state = 'completed'")(watch, upload)),
  completionStep('the keys of a part are gone', (watch, _upload, part) => watch.until(() => !existsSync(part.keys))),
  cancelStep('its row says so', (watch, upload) => whenRow("select 1 from uploads where id = $1 and state = 'cancelled'")(watch, upload)),
  cancelStep('the keys of a part are gone', (watch, _upload, part) => watch.until(() => !existsSync(part.keys))),
  cancelStep('the bytes of a part are gone', (watch, _upload, part) => watch.until(() => !existsSync(part.bytes))),
  deletionStep('it has begun', (watch, file) => whenRow("select 1 from files where id = $1 and state = 'deleting'")(watch, file)),
  deletionStep('the copies were tried', (watch, file) => whenRow('select 1 from deletions where object = $1 and before is not null')(watch, file)),
  deletionStep('the keys are gone', (watch, _file, of) => watch.until(() => !existsSync(of.keys))),
  deletionStep('the bytes are gone', (watch, _file, of) => watch.until(() => !existsSync(of.bytes))),
  deletionStep('the certificate is in the ledger', (watch, file) => whenRow("select 1 from ledger_entries where object = $1 and kind = 'file.deleted'")(watch, file)),
  rotationStep('a new version of the platform\'s key', ({ state, project }, { version }) => (state.versions(project, 'platform').at(-1) ?? 0) > version),
  rotationStep('a new version of the key that stands in for the customer\'s', ({ state, project }, { standIn }) => (state.versions(project, 'stand_in').at(-1) ?? 0) > standIn),
  rotationStep('the first record is wrapped anew', (_world, before) => rewrapped(before, 0)),
  rotationStep('half of the records are wrapped anew', (_world, before) => rewrapped(before, 0.5)),
  rotationStep('the old version is gone', ({ state, project }, { version }) => !state.versions(project, 'platform').includes(version)),
];
