/** What stands on disks: the data folder, the folder of the sockets, folders for temporary files, memory dumps. */
import { existsSync, readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import { flush } from '../../storage/dump.ts';
import { searchFolder } from '../search/search-folder.ts';
import { searchDeletedFiles } from '../search/search-process.ts';
import { reasonOf, told } from './sink.ts';
import type { Sink } from './sink.ts';

export const databaseFiles: Sink = {
  id: 'database_files', title: 'Files of the database: tables, values stored apart, indexes, write-ahead log', place: 'database', required: 'if_embedded',
  search: async (search, { installation, databaseUrl, embedded }) => {
    if (!embedded) return ['the database runs elsewhere: its files are its operator\'s'];
    const notFlushed = await flush(databaseUrl).then(() => [], (error: unknown) => [`not everything may be on disk yet (${reasonOf(error)})`]);
    return [...notFlushed, ...told(searchFolder(search, join(installation.data, dataLayout.postgres)))];
  },
};

export const modelFiles: Sink = {
  id: 'model_files', title: 'Model folder: every file changed since the audit began', place: 'files', required: true,
  search: (search, { installation, since }) => {
    const folder = join(installation.data, dataLayout.models);
    return existsSync(folder) ? told(searchFolder(search, folder, { since })) : [];
  },
};

export const dataFolder: Sink = {
  id: 'data_folder', title: 'Data folder: logs, keys, certificates, reports and everything else', place: 'files', required: true,
  search: (search, { installation: { data } }) => told(searchFolder(search, data, { without: [join(data, dataLayout.postgres), join(data, dataLayout.models)] }).filter(({ path }) => !path.endsWith('.sock'))),
};

export const runFolder: Sink = {
  id: 'run_folder', title: 'Folder of the local sockets', place: 'files', required: true,
  search: (search, { installation }) => told(searchFolder(search, installation.run)),
};

/** What others own and keep to themselves was not written by the installation's user. */
export const temporaryFiles: Sink = {
  id: 'temporary_files', title: 'Temporary folders: every file changed since the audit began', place: 'files', required: true,
  search: (search, { installation: { data, run }, processes, since }) => {
    const set = processes.flatMap(({ pid }) => { try { return /(?:^|\0)TMPDIR=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1] ?? []; } catch { return []; } });
    const own = statSync(data).uid;
    return told([...new Set(['/tmp', '/var/tmp', '/dev/shm', ...set])].filter((path) => existsSync(path)).flatMap((path) => searchFolder(search, path, { since, without: [data, run] })).filter(({ uid }) => uid === own));
  },
};

export const deletedFiles: Sink = {
  id: 'deleted_files', title: 'Deleted files that processes of the installation still hold open', place: 'database', required: true,
  search: (search, { processes }) => processes.filter(({ name }) => name !== 'worker').flatMap(({ pid, name }) => {
    try { searchDeletedFiles(search, pid, name); return []; } catch (error) { return existsSync(`/proc/${pid}`) ? [`${name} (${reasonOf(error)})`] : []; }
  }),
};

/** Processes of the installation are started with core dumps switched off; this looks whether there are any all the same. */
export const coreFiles: Sink = {
  id: 'core_files', title: 'Memory dumps of crashed processes', place: 'files', required: true,
  search: (search, { processes, since }) => {
    const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
    const named = pattern.startsWith('/') ? [dirname(pattern)] : [];
    for (const folder of ['/var/lib/systemd/coredump', '/var/crash', ...named].filter((path) => existsSync(path))) searchFolder(search, folder, { since });
    const work = new Set(processes.flatMap(({ pid }) => { try { return [readlinkSync(`/proc/${pid}/cwd`)]; } catch { return []; } }));
    for (const folder of work) {
      try { for (const name of readdirSync(folder)) if (/^core(\.|$)/.test(name)) search.inFile(join(folder, name)); } catch { /* a worker's folder, or gone */ }
    }
    return [];
  },
};

/** Where a shell or a service keeps what `modelkeep up` says. */
export const terminalOutput: Sink = {
  id: 'terminal_output', title: 'What modelkeep up says on its terminal', place: 'files', required: false,
  search: (search, { installation: { supervisor } }) => [1, 2].flatMap((descriptor) => {
    const path = `/proc/${supervisor}/fd/${descriptor}`;
    const target = readlinkSync(path);
    if (target.startsWith('/dev/null')) return [];
    if (target.startsWith('/dev/') || !target.startsWith('/')) return [`it goes to ${target.startsWith('/dev/') ? 'a terminal' : 'another program'}, which keeps it or not`];
    search.inFile(path, target);
    return [];
  }),
};
