/** Every operation that control serves, by its id. */
import type { OperationId, Operations } from '#contract/operations.ts';
import type { Handler } from './handler.ts';
import { addEngine } from './routes/add-engine.ts';
import { cancelPull } from './routes/cancel-pull.ts';
import { addPerson } from './routes/add-person.ts';
import { createDeployment } from './routes/create-deployment.ts';
import { createProject } from './routes/create-project.ts';
import { createSignInLink } from './routes/create-sign-in-link.ts';
import { createToken } from './routes/create-token.ts';
import { deleteDeployment } from './routes/delete-deployment.ts';
import { exportBundle } from './routes/export-bundle.ts';
import { importModel } from './routes/import-model.ts';
import { listAudits } from './routes/list-audits.ts';
import { listBackups } from './routes/list-backups.ts';
import { listDeployments } from './routes/list-deployments.ts';
import { listEngines } from './routes/list-engines.ts';
import { listKeys } from './routes/list-keys.ts';
import { listLedgerEntries } from './routes/list-ledger-entries.ts';
import { listModels } from './routes/list-models.ts';
import { listPeople } from './routes/list-people.ts';
import { listProjects } from './routes/list-projects.ts';
import { listPulls } from './routes/list-pulls.ts';
import { listSessions } from './routes/list-sessions.ts';
import { listTokens } from './routes/list-tokens.ts';
import { regenerateKey } from './routes/regenerate-key.ts';
import { removeEngine } from './routes/remove-engine.ts';
import { removePerson } from './routes/remove-person.ts';
import { revokeSession } from './routes/revoke-session.ts';
import { revokeToken } from './routes/revoke-token.ts';
import { setLimits } from './routes/set-limits.ts';
import { setRole } from './routes/set-role.ts';
import { showAudit } from './routes/show-audit.ts';
import { showAuditReport } from './routes/show-audit-report.ts';
import { showDeletion } from './routes/show-deletion.ts';
import { showDeployment } from './routes/show-deployment.ts';
import { showEngine } from './routes/show-engine.ts';
import { showHealth } from './routes/show-health.ts';
import { showModel } from './routes/show-model.ts';
import { showPull } from './routes/show-pull.ts';
import { showUsage } from './routes/show-usage.ts';
import { startAudit } from './routes/start-audit.ts';
import { startPull } from './routes/start-pull.ts';
import { status } from './routes/status.ts';
import { cancelUpload } from './routes/cancel-upload.ts';
import { createUpload } from './routes/create-upload.ts';
import { deleteDatastore } from './routes/delete-datastore.ts';
import { deleteProject } from './routes/delete-project.ts';
import { deleteFile } from './routes/delete-file.ts';
import { disableCustomerKey } from './routes/disable-customer-key.ts';
import { enableCustomerKey } from './routes/enable-customer-key.ts';
import { listDatastores } from './routes/list-datastores.ts';
import { listFiles } from './routes/list-files.ts';
import { removeCustomerKey } from './routes/remove-customer-key.ts';
import { retrieveFile } from './routes/retrieve-file.ts';
import { rotateKeys } from './routes/rotate-keys.ts';
import { showEncryption } from './routes/show-encryption.ts';
import { showUpload } from './routes/show-upload.ts';

/** What is published as bytes (`media`) is not made by a handler. */
type ServedByControl = { [Id in OperationId]: Operations[Id] extends { servedBy: 'control'; media?: undefined } ? Id : never }[OperationId];

/** Complete by its type: an operation of the contract without a handler does not compile. */
export const routes: { [Id in ServedByControl]: Handler<Operations[Id]> } = {
  addEngine, cancelPull, createDeployment, createProject, createToken, deleteDeployment, exportBundle, importModel, listDeployments, listEngines, listKeys, listModels, listProjects, listPulls, listTokens,
  regenerateKey, removeEngine, revokeToken, setLimits, showDeletion, showDeployment, showEngine, showModel, showPull, showUsage, startPull, status,
  addPerson, createSignInLink, listPeople, listSessions, removePerson, revokeSession, setRole,
  cancelUpload, createUpload, deleteDatastore, deleteFile, deleteProject, disableCustomerKey, enableCustomerKey, listDatastores, listFiles, removeCustomerKey, retrieveFile, rotateKeys, showEncryption, showUpload,
  listAudits, listBackups, listLedgerEntries, showAudit, showAuditReport, showHealth, startAudit,
};
