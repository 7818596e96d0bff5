/** All tables, from the nouns that own them. */
import type { BackupTables } from '../backup/tables.ts';
import type { CatalogTables } from '../catalog/tables.ts';
import type { DatastoreTables } from '../datastores/tables.ts';
import type { DeploymentTables } from '../deployments/tables.ts';
import type { EngineTables } from '../engines/tables.ts';
import type { IdentityTables } from '../identity/tables.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import type { MeteringTables } from '../metering/tables.ts';
import type { ReceiptTables } from '../receipts/tables.ts';

export interface Database extends BackupTables, CatalogTables, DatastoreTables, DeploymentTables, EngineTables, IdentityTables, LedgerTables, MeteringTables, ReceiptTables {}
