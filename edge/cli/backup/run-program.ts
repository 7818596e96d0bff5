/** Starts the programs of backups, each in the room that may read what it copies, and follows what they say. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CliError, exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { Progress } from '../terminal.ts';

type Said<T> = { result: T } | { error: { code: string; subject?: string | null; message?: string } } | { step: string; done: number; total: number };
export const backupProgram = fileURLToPath(new URL('../../../never-sees-content/backup/main.ts', import.meta.url));
export const keyBackupProgram = fileURLToPath(new URL('../../../holds-keys/key-backup/main.ts', import.meta.url));

export interface ProgramRun { program: string; args: string[]; /** The one line that it reads. */ input?: string; /** Whether to show how far it is. */ shown: boolean }

/** @throws CliError with the program's code */
export async function runProgram<T>({ program, args, input, shown }: ProgramRun): Promise<T> {
  const child = spawn(process.execPath, ['--no-warnings', program, ...args], { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit'] });
  child.stdin?.on('error', () => undefined).end(input === undefined ? '' : `${input}\n`);
  const progress = new Map<string, Progress>();
  let last: Said<T> = { error: { code: 'unexpected', message: 'it ended without a word' } };
  if (child.stdout) for await (const text of createInterface({ input: child.stdout })) {
    last = JSON.parse(text) as Said<T>;
    if ('step' in last && shown) show(progress, last);
  }
  for (const each of progress.values()) each.end();
  if ('result' in last) return last.result;
  const { code, subject, message } = 'error' in last ? last.error : { code: 'unexpected', subject: undefined, message: 'it was ended' };
  throw refusal(program === keyBackupProgram && Object.hasOwn(refusalsOfKeys, code) ? refusalsOfKeys : refusals, code, subject ?? undefined, message ?? code);
}

function show(progress: Map<string, Progress>, { step, done, total }: { step: string; done: number; total: number }): void {
  const bar = progress.get(step) ?? new Progress(step);
  progress.set(step, bar);
  if (step === 'database') bar.showShare(done, total); else bar.show(done, total, '');
}

interface Refusal { says(subject: string): string; exitCode: ExitCode; next?: string }
const refused = (says: string | ((subject: string) => string), exitCode: ExitCode = exitCodes.failed, next?: string): Refusal => ({ says: typeof says === 'string' ? () => says : says, exitCode, ...(next === undefined ? {} : { next }) });
const restoreUnfinished = 'Complete it with the same command again, or remove the folder to start over.';

const refusals: Record<string, Refusal> = {
  no_installation: refused((subject) => `There is no installation in ${subject}.`, exitCodes.notFound, 'Name its data folder with --data, or its database by DATABASE_URL.'),
  already_running: refused((subject) => `${subject} is in use: Modelkeep runs there, or starts, or is being restored.`, exitCodes.conflict),
  backup_running: refused('Another backup of this installation is under way.', exitCodes.conflict),
  restore_unfinished: refused((subject) => `A restore into ${subject} is not complete.`, exitCodes.conflict, restoreUnfinished),
  not_a_backup: refused((subject) => `${subject} is not a whole backup of Modelkeep.`, exitCodes.usage, 'Name one that modelkeep backup made or, to make one, a folder that is not there.'),
  other_installation: refused('At that place is a backup of another installation.', exitCodes.conflict, 'Choose another folder.'),
  archive_damaged: refused((subject) => `The backup is damaged${subject === '' ? '' : ` (${subject})`}. Nothing was made of it.`),
  archive_newer: refused('The backup was made by a newer Modelkeep. Use that version, or a newer one.'),
  not_empty: refused((subject) => `${subject === '' ? 'The data folder' : subject} is not empty. A restore needs a fresh one.`, exitCodes.conflict, 'Name another folder with --data.'),
  other_restore: refused((subject) => `The restore into ${subject} was begun from another backup.`, exitCodes.conflict, 'Use that backup, or remove the folder to start over.'),
  keys_foreign: refused('The keys and the data are of different installations.', exitCodes.conflict),
  database_not_empty: refused('The database is not empty. Nothing was changed.', exitCodes.conflict, 'Use a fresh database.'),
  database_unreachable: refused('The database does not answer.', exitCodes.unreachable, 'Check DATABASE_URL, and that the server runs.'),
  database_failed: refused((subject) => subject),
  not_modelkeep: refused('The database is not one of Modelkeep.'),
  ledger_broken: refused('The ledger in the backup does not hold together: an entry was changed or is missing. Nothing was made of it.'),
  not_recorded: refused('The running installation could not be told of the backup, so it is left unfinished.', exitCodes.unreachable, 'See whether it is well: modelkeep health'),
  disk_full: refused('The disk is full.', exitCodes.failed, 'Make room, and give the same command again: it goes on.'),
  unreadable: refused((subject) => `${subject === '' ? 'A file' : subject} cannot be read or written.`),
  interrupted: refused('Interrupted. The same command again goes on.'),
  no_keys: refused('There are no keys in that data folder.', exitCodes.notFound),
  keys_unreadable: refused('A file of the keys is not as custody writes it: it belongs to somebody else, or others may read it.'),
  keys_changing: refused('The keys changed all the time while they were read. Try again.'),
  not_a_key_backup: refused('The file is not a whole backup of keys.', exitCodes.usage),
  passphrase_wrong: refused('The passphrase is not the one, or the file was changed.', exitCodes.notAuthorised),
  passphrase_short: refused('The passphrase needs at least 12 characters.', exitCodes.usage),
  exists: refused('There is a file at that place already.', exitCodes.conflict, 'Choose another name: a backup of keys is never written over.'),
};

const refusalsOfKeys: Record<string, Refusal> = {
  not_empty: refused('There are keys in that data folder already. None was changed.', exitCodes.conflict, 'Move them away first, and keep them: they may have newer records.'),
};

function refusal(told: Record<string, Refusal>, code: string, subject = '', message: string): CliError {
  const known = Object.hasOwn(told, code) ? told[code] : undefined;
  return known ? new CliError(code, known.says(subject), known.exitCode, known.next) : new CliError(code, `It could not be done: ${message}`);
}
