/** The processes of an installation and of its users: who can hold data at all. */
export type Room = 'edge' | 'never-sees-content' | 'holds-keys' | 'sees-content';
export interface ProcessPlace { room: Room; /** Its main file. */ main: string; name: string; seesContent: boolean }

export const processes = {
  supervisor: { room: 'never-sees-content', main: 'never-sees-content/supervisor/main.ts', name: 'supervisor (modelkeep up)', seesContent: false },
  control: { room: 'never-sees-content', main: 'never-sees-content/server/main.ts', name: 'control', seesContent: false },
  'key-custody': { room: 'holds-keys', main: 'holds-keys/custody/main.ts', name: 'key-custody', seesContent: false },
  'key-library': { room: 'holds-keys', main: 'holds-keys/providers/pkcs11/library/main.ts', name: 'program with the library of a security module', seesContent: false },
  gateway: { room: 'sees-content', main: 'sees-content/gateway/main.ts', name: 'gateway', seesContent: true },
  worker: { room: 'sees-content', main: 'sees-content/inference-worker/main.ts', name: 'worker (sandboxed)', seesContent: true },
  'command-line': { room: 'edge', main: 'edge/cli/main.ts', name: 'command line (the user\'s own)', seesContent: true },
  studio: { room: 'edge', main: 'edge/studio/main.tsx', name: 'studio (in the user\'s own browser)', seesContent: true },
  audit: { room: 'never-sees-content', main: 'never-sees-content/audit/main.ts', name: 'audit (modelkeep audit), whose canaries are its own', seesContent: false },
  backup: { room: 'never-sees-content', main: 'never-sees-content/backup/main.ts', name: 'backup (modelkeep backup, restore, export, import)', seesContent: false },
  'key-backup': { room: 'holds-keys', main: 'holds-keys/key-backup/main.ts', name: 'backup of the keys (modelkeep backup-keys, restore-keys)', seesContent: false },
  verifier: { room: 'edge', main: 'edge/verify/main.ts', name: 'modelkeep-verify (the user\'s own)', seesContent: false },
} as const satisfies Record<string, ProcessPlace>;
export type Process = keyof typeof processes;
