/** Migrations in order, forward only. */
import type { Migration } from 'kysely/migration';
import { initial } from './0001-initial.ts';
import { catalog } from './0002-catalog.ts';
import { ledgerTree } from './0003-ledger-tree.ts';
import { receipts } from './0004-receipts.ts';
import { accounts } from './0006-accounts.ts';
import { witnesses } from './0005-witnesses.ts';
import { ledgerIndexes } from './0007-ledger-indexes.ts';
import { backups } from './0008-backups.ts';
import { projectDeletion } from './0010-project-deletion.ts';
import { datastores } from './0009-datastores.ts';

export const migrations: Record<string, Migration> = { '0001-initial': initial, '0002-catalog': catalog, '0003-ledger-tree': ledgerTree, '0004-receipts': receipts, '0005-witnesses': witnesses, '0006-accounts': accounts, '0007-ledger-indexes': ledgerIndexes, '0008-backups': backups, '0009-datastores': datastores, '0010-project-deletion': projectDeletion };
