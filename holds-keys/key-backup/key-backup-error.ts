/** Why keys were not backed up or restored, without any of their bytes. */
export type KeyBackupCode = 'configuration_invalid' | 'no_keys' | 'keys_unreadable' | 'keys_changing' | 'keys_foreign' | 'not_empty' | 'not_a_key_backup' | 'passphrase_wrong' | 'passphrase_short' | 'exists' | 'disk_full' | 'unreadable';

export class KeyBackupError extends Error {
  readonly code: KeyBackupCode;
  constructor(code: KeyBackupCode) { super(code); this.name = 'KeyBackupError'; this.code = code; }
}
