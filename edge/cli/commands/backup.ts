import { resolve } from 'node:path';
import type { Command, Context } from '../command.ts';
import { backupProgram, keyBackupProgram, runProgram } from '../backup/run-program.ts';
import { dataFolder, runFolderOf } from '../environment.ts';
import { bytes, count, dim, line, mark, printable } from '../terminal.ts';

/** `recorded`: whether the ledger has it. `digest`: of the manifest. */
interface MadeBackup { id: string; place: string; takenAt: string; objects: number; bytes: number; rows: number; digest: string; ledgerEntries: number; recorded: boolean }
interface Loaded { id: string; takenAt: string; rows: number; entries: number; modelsToPull: string[] }
interface Restored extends Loaded { data: string; objects: number; keys: boolean }
interface Comparison { objects: number; withoutKey: number; withoutObject: number }

const folders = (context: Context): string[] => { const data = dataFolder(context.data); return ['--data', data, '--run', runFolderOf(data)]; };
const run = async <T>(context: Context, task: string, more: string[] = []): Promise<T> =>
  await runProgram<T>({ program: backupProgram, args: [task, ...folders(context), '--place', resolve(context.args[0] ?? ''), ...more], shown: !context.json });

export const backup: Command = {
  summary: 'Back up the database and the sealed files into a folder, also while the installation works; the keys are not in it', args: ['DIR'],
  options: { models: { type: 'boolean', help: 'the model files, too; without them they are pulled again' }, link: { type: 'boolean', help: 'hard links to the sealed files instead of copies, where the disk is the same' } },
  examples: ['modelkeep backup /srv/backups/modelkeep', 'modelkeep backup /srv/backups/modelkeep --json'],
  run: async (context) => {
    const made = await run<MadeBackup>(context, 'backup', ['models', 'link'].filter((name) => context.flag(name)).map((name) => `--${name}`));
    context.print(made, () => {
      line(`${mark(true)} ${printable(made.place)}  ${count(made.rows)} rows, ${count(made.objects)} files, ${bytes(made.bytes)}`);
      line(dim(made.recorded ? `  In the ledger as ${made.id}.` : '  Not in the ledger: the schema of the database is of another version.'));
      line(dim('  The keys are not in it. Back them up apart: modelkeep backup-keys FILE'));
    });
  },
};

function tellModels({ modelsToPull }: Loaded): void {
  if (modelsToPull.length > 0) line(`  Pull again, once it runs: ${modelsToPull.map((model) => `modelkeep pull ${printable(model)}`).join('; ')}`);
}

export const restore: Command = {
  summary: 'Make an installation from a backup, in a fresh data folder (or a fresh database, by DATABASE_URL)', args: ['DIR'], examples: ['modelkeep restore /srv/backups/modelkeep --data /srv/modelkeep'],
  run: async (context) => {
    const restored = await run<Restored>(context, 'restore');
    const comparison = restored.keys ? await runProgram<Comparison>({ program: keyBackupProgram, args: ['compare', '--data', restored.data], shown: false }) : null;
    context.print({ ...restored, comparison }, () => {
      line(`${mark(true)} ${printable(restored.data)} is as it was at ${restored.takenAt}: ${count(restored.rows)} rows, ${count(restored.objects)} files`);
      if (comparison) tellComparison(comparison); else line('  Its keys are missing, and nothing starts without them: modelkeep restore-keys FILE --data FOLDER');
      tellModels(restored);
    });
  },
};

export function tellComparison({ objects, withoutKey }: Comparison): void {
  if (withoutKey > 0) line(`  ${count(withoutKey)} of ${count(objects)} sealed files have no key and cannot be opened: they were deleted, or made after the keys were backed up.`);
}

export const exportDatabase: Command = {
  summary: 'Write the database into one file, to move it to another PostgreSQL', args: ['FILE'], examples: ['modelkeep export modelkeep.ndjson'],
  run: async (context) => {
    const made = await run<{ place: string; rows: number; bytes: number }>(context, 'export');
    context.print(made, () => line(`${mark(true)} ${printable(made.place)}  ${count(made.rows)} rows, ${bytes(made.bytes)}`));
  },
};

export const importDatabase: Command = {
  summary: 'Fill an empty database from such a file: the one of DATABASE_URL, else the one in the data folder', args: ['FILE'], examples: ['DATABASE_URL=postgresql://modelkeep@db.example.org/modelkeep modelkeep import modelkeep.ndjson'],
  run: async (context) => {
    const loaded = await run<Loaded>(context, 'import');
    context.print(loaded, () => {
      line(`${mark(true)} The database is as it was at ${loaded.takenAt}: ${count(loaded.rows)} rows`);
      tellModels(loaded);
    });
  },
};
