/** All operations, in the order of the document. A route exists if and only if it stands here. */
import { createChatCompletion } from './http/chat-completions.ts';
import { createCompletion } from './http/completions.ts';
import { createEmbeddings } from './http/embeddings.ts';
import { listOpenAIModels, modelInfo, retrieveOpenAIModel } from './http/openai-models.ts';
import { importModel, listModels, showModel } from './http/models.ts';
import { cancelPull, listPulls, showPull, startPull } from './http/pulls.ts';
import { createDeployment, deleteDeployment, listDeployments, listKeys, regenerateKey, setLimits, showDeployment } from './http/deployments.ts';
import { addEngine, listEngines, removeEngine, showEngine } from './http/engines.ts';
import { createToken, listTokens, revokeToken } from './http/tokens.ts';
import { createProject, deleteProject, listProjects } from './http/projects.ts';
import { changePassword, listSessions, revokeSession, showSession, signIn, signOut } from './http/sessions.ts';
import { addPerson, createSignInLink, listPeople, removePerson, setRole } from './http/people.ts';
import { createFile, deleteFile, fileContent, listFiles, retrieveFile } from './http/files.ts';
import { addUploadPart, cancelUpload, completeUpload, createUpload, showUpload } from './http/uploads.ts';
import { createDatastore, deleteDatastore, designateFile, listDatastores } from './http/datastores.ts';
import { disableCustomerKey, enableCustomerKey, removeCustomerKey, rotateKeys, setCustomerKey, showEncryption } from './http/encryption.ts';
import { showUsage } from './http/usage.ts';
import { listAudits, showAudit, showAuditReport, startAudit } from './http/audits.ts';
import { listBackups } from './http/backups.ts';
import { showHealth } from './http/health.ts';
import { listPromises } from './http/promises.ts';
import { exportBundle, ledgerCheckpoint, ledgerKey, ledgerTile, listLedgerEntries, showDeletion } from './http/ledger.ts';
import { showReceipt } from './http/receipts.ts';
import { live, openapi, ready, showDataMap, status } from './http/system.ts';

export const operations = {
  createChatCompletion, createCompletion, createEmbeddings, listOpenAIModels, retrieveOpenAIModel, modelInfo,
  listModels, showModel, importModel, startPull, listPulls, showPull, cancelPull,
  createDeployment, listDeployments, showDeployment, setLimits, deleteDeployment, listKeys, regenerateKey,
  addEngine, listEngines, showEngine, removeEngine,
  createFile, listFiles, retrieveFile, fileContent, deleteFile, createUpload, showUpload, addUploadPart, completeUpload, cancelUpload,
  createDatastore, listDatastores, deleteDatastore, designateFile,
  showEncryption, setCustomerKey, removeCustomerKey, rotateKeys, disableCustomerKey, enableCustomerKey,
  createToken, listTokens, revokeToken, createProject, listProjects, deleteProject, showUsage,
  signIn, showSession, signOut, listSessions, revokeSession, changePassword,
  createSignInLink, listPeople, addPerson, setRole, removePerson,
  showReceipt, ledgerCheckpoint, ledgerKey, ledgerTile, listLedgerEntries, exportBundle, showDeletion,
  startAudit, listAudits, showAudit, showAuditReport, listPromises, showDataMap,
  live, ready, openapi, status, showHealth, listBackups,
} as const;
export type Operations = typeof operations;
export type OperationId = keyof Operations;
