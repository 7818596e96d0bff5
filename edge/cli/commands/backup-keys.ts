import { resolve } from 'node:path';
import type { Command } from '../command.ts';
import { readPassphrase } from '../backup/passphrase.ts';
import { backupProgram, keyBackupProgram, runProgram } from '../backup/run-program.ts';
import { dataFolder, runFolderOf } from '../environment.ts';
import { CliError } from '../exit-codes.ts';
import { count, dim, line, mark, printable } from '../terminal.ts';
import { tellComparison } from './backup.ts';

interface MadeBackup { id: string; kind: string; takenAt: string; objects: number; bytes: number; digest: string; place: string }
interface RestoredKeys { id: string; takenAt: string; keys: number; objects: number; withoutKey: number; withoutObject: number }

const passphrase = { 'passphrase-file': { type: 'string', help: 'file with the passphrase, mode 0600; asked for unless given' } } as const;

/** Keys are copied whether or not the database can be told; then it is said. */
async function record(data: string, made: MadeBackup): Promise<boolean> {
  try {
    const { recorded } = await runProgram<{ recorded: boolean }>({ program: backupProgram, args: ['record', '--data', data, '--run', runFolderOf(data), '--made', JSON.stringify(made)], shown: false });
    return recorded;
  } catch (error) { if (error instanceof CliError) return false; throw error; }
}

/** A key that is destroyed while its backup is made is in no file that its certificate does not name: such a file goes again, and another one is made. */
async function backUp(data: string, file: string, input: string): Promise<{ made: MadeBackup; recorded: boolean }> {
  const at = ['--data', data, '--file', file];
  for (;;) {
    const made = await runProgram<MadeBackup>({ program: keyBackupProgram, args: ['backup', ...at], input, shown: false });
    const recorded = await record(data, made);
    const { settled } = await runProgram<{ settled: boolean }>({ program: keyBackupProgram, args: ['settle', ...at], input, shown: false });
    if (settled) return { made, recorded };
  }
}

export const backupKeys: Command = {
  summary: 'Back up the keys of the installation on this machine into one file, encrypted under a passphrase', args: ['FILE'], options: passphrase,
  examples: ['modelkeep backup-keys /media/safe/modelkeep.keys', 'modelkeep backup-keys /media/safe/modelkeep.keys --passphrase-file /root/passphrase'],
  run: async (context) => {
    const data = dataFolder(context.data);
    const input = await readPassphrase(context.text('passphrase-file'), true);
    const { made, recorded } = await backUp(data, resolve(context.args[0] ?? ''), input);
    context.print({ ...made, recorded }, () => {
      line(`${mark(true)} ${printable(made.place)}  ${count(made.objects)} files of keys`);
      line(dim(recorded ? `  In the ledger as ${made.id}.` : '  Not in the ledger: its database could not be told.'));
      line(dim('  Keep it apart from the backups of the data, and the passphrase apart from both: together they are everything.'));
    });
  },
};

export const restoreKeys: Command = {
  summary: 'Put backed-up keys into a data folder that has none', args: ['FILE'], options: passphrase, examples: ['modelkeep restore-keys /media/safe/modelkeep.keys --data /srv/modelkeep'],
  run: async (context) => {
    const input = await readPassphrase(context.text('passphrase-file'), false);
    const restored = await runProgram<RestoredKeys>({ program: keyBackupProgram, args: ['restore', '--data', dataFolder(context.data), '--file', resolve(context.args[0] ?? '')], input, shown: false });
    context.print(restored, () => {
      line(`${mark(true)} ${count(restored.keys)} files of keys, as they were at ${restored.takenAt}`);
      tellComparison(restored);
    });
  },
};
