/** Why a backup or a restore did not go on. `subject`: the file or folder that it is about. */
export type BackupCode = 'configuration_invalid' | 'no_installation' | 'already_running' | 'backup_running' | 'restore_unfinished' | 'not_a_backup' | 'other_installation' | 'archive_damaged' | 'archive_newer' | 'not_empty' | 'other_restore'
  | 'keys_foreign' | 'database_not_empty' | 'database_unreachable' | 'database_failed' | 'not_modelkeep' | 'ledger_broken' | 'not_recorded' | 'disk_full' | 'unreadable' | 'exists' | 'interrupted';

export class BackupError extends Error {
  readonly code: BackupCode;
  readonly subject: string | undefined;
  constructor(code: BackupCode, subject?: string, cause?: unknown) {
    super(subject === undefined ? code : `${code}: ${subject}`, { cause });
    this.name = 'BackupError';
    this.code = code;
    this.subject = subject;
  }
}
