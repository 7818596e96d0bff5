/**
 * Every error that a caller can be told. A code is stable for ever; its message may be reworded.
 * An error that is not in this table leaves the product as `internal_error` and nothing else.
 */
export type ErrorType = 'invalid_request_error' | 'authentication_error' | 'permission_error' | 'not_found_error'
  | 'rate_limit_error' | 'conflict_error' | 'server_error';

export interface ErrorKind {
  /** HTTP status. */
  status: number;
  type: ErrorType;
  /** What the caller is told; what to do next included. */
  message: string;
  /** False where trying the same request again cannot help: clients are told so by `x-should-retry: false`. */
  retry: boolean;
}

const invalid = (message: string, status = 400): ErrorKind => ({ status, type: 'invalid_request_error', message, retry: false });
const missing = (message: string): ErrorKind => ({ status: 404, type: 'not_found_error', message, retry: false });
const conflict = (message: string): ErrorKind => ({ status: 409, type: 'conflict_error', message, retry: false });
const limited = (message: string): ErrorKind => ({ status: 429, type: 'rate_limit_error', message, retry: true });
const server = (status: number, message: string, retry = true): ErrorKind => ({ status, type: 'server_error', message, retry });

export const errorCodes = {
  // The request as such
  invalid_json: invalid('The request body is not valid JSON in UTF-8.'),
  invalid_request: invalid('A field of the request is missing or has a wrong type or value.'),
  unknown_parameter: invalid('The request has a field that this operation does not know. Remove it, or send the header extra-parameters: drop.'),
  unsupported_parameter: invalid('This field, or this value of it, is not supported by this deployment.'),
  storage_not_supported: invalid('Modelkeep does not store prompts or outputs: leave out "store" or send false. There is nothing to read back.'),
  retention_not_supported: invalid('It declares that it keeps prompts or outputs, and Modelkeep promises that neither is stored. It is not admitted: nothing but retention "none" is.'),
  context_length_exceeded: invalid('The prompt and the requested output do not fit the context length of this deployment.'),
  too_deep: invalid('The request body is nested too deeply.'),
  body_too_large: invalid('The request body is larger than this operation allows.', 413),
  unsupported_media_type: invalid('Send the body as this operation takes it, not compressed: application/json, or multipart/form-data for files and parts.', 415),
  headers_too_large: invalid('The request headers are larger than 16 KiB.', 431),
  method_not_allowed: invalid('This path does not have that method.', 405),
  request_timeout: { status: 408, type: 'invalid_request_error', message: 'The request was not received whole in time.', retry: true },
  invalid_multipart: invalid('The body is not multipart/form-data with the fields of this operation, each once and the file with a name of at most 512 characters, or it ends early.'),
  file_rows_invalid: invalid('The file has rows that its purpose does not allow. "rows" lists the first of them by line and reason; nothing was stored.'),
  file_too_large: invalid('The file is larger than is allowed: 5 GiB, and 64 MiB for one part.', 413),
  upload_incomplete: invalid('The parts together are not as many bytes as the upload was declared with.'),
  upload_parts_exceed: invalid('The parts of this upload are more than twice the bytes it was declared with, or ten thousand. Cancel it, and begin another.'),
  upload_checksum_mismatch: invalid('The MD5 of the assembled file is not the one that was sent. The parts are kept: complete it again, or cancel it.'),
  range_not_satisfiable: invalid('The range lies outside the file.', 416),
  path_refused: invalid('That path is not below a folder that the operator of this installation has opened for designated data.'),
  geography_refused: invalid('This installation stores data in its own geography only.'),
  customer_key_misconfigured: invalid('The customer-managed key could not be used: the settings or the credential are wrong. modelkeep encryption show says more.'),
  // Who is asking
  missing_api_key: { status: 401, type: 'authentication_error', message: 'No API key. Send it as "Authorization: Bearer KEY" or as "api-key: KEY".', retry: false },
  invalid_api_key: { status: 401, type: 'authentication_error', message: 'The API key is not valid here: it is unknown, replaced or revoked.', retry: false },
  conflicting_api_keys: { status: 401, type: 'authentication_error', message: 'The request carries two different API keys. Send one.', retry: false },
  permission_denied: { status: 403, type: 'permission_error', message: 'This credential may not do that.', retry: false },
  session_ended: { status: 401, type: 'authentication_error', message: 'This session has ended, by its time or by hand. Sign in again.', retry: false },
  sign_in_refused: { status: 401, type: 'authentication_error', message: 'Name and password do not match, or the link was used, has expired or is unknown. modelkeep studio prints a fresh link.', retry: false },
  sign_in_limited: limited('Too many attempts to sign in with that name. Try again after the time in retry-after.'),
  content_not_yours: { status: 403, type: 'permission_error', message: 'A file\'s content is for those who work in its project, by account or token, and for whoever uploaded it. Operators have no access to content.', retry: false },
  customer_key_denied: { status: 403, type: 'permission_error', message: 'The project\'s customer-managed key is disabled, or its provider refuses it. Nothing is read or written under it until it is enabled again.', retry: false },
  password_refused: { status: 403, type: 'permission_error', message: 'The current password is not right.', retry: false },
  csrf_refused: { status: 403, type: 'permission_error', message: 'A browser\'s session may be used from the studio\'s own pages only: the request lacks the session\'s token in x-modelkeep-csrf, or comes from another site.', retry: false },
  // What is asked for
  not_found: missing('There is nothing at this path.'),
  model_not_found: missing('No deployment or model of that name is visible to this credential.'),
  deployment_not_found: missing('No deployment of that name is visible to this credential.'),
  engine_not_found: missing('No engine of that name is registered.'),
  token_not_found: missing('No token of that id exists in this project.'),
  project_not_found: missing('No project of that name exists.'),
  person_not_found: missing('No account of that name or id is visible to this credential.'),
  session_not_found: missing('No session of that id is open, or it is not yours to end.'),
  pull_not_found: missing('No pull of that id exists.'),
  receipt_not_found: missing('No receipt of that id is kept here for this credential. Receipts are kept for a short time, in memory; ask for one in the answer itself with the header x-modelkeep-receipt: include.'),
  deletion_not_found: missing('Nothing of that id was deleted in this project.'),
  file_not_found: missing('No file of that id is in this project.'),
  upload_not_found: missing('No upload of that id is open in this project.'),
  part_not_found: missing('A part that is named does not belong to this upload.'),
  datastore_not_found: missing('No datastore of that name is in this project.'),
  customer_key_not_set: missing('This project has no customer-managed key.'),
  audit_not_found: missing('No audit of that id is kept here.'),
  name_taken: conflict('That name is taken. Choose another, or delete the one that has it.'),
  version_immutable: conflict('That model version exists with other contents. Versions are immutable: import it under a new version.'),
  audit_running: conflict('An audit of this installation is under way. Wait until it has ended.'),
  project_required: conflict('The project "default" cannot be deleted: the installation needs it.'),
  upload_closed: conflict('That upload was completed, cancelled or has expired.'),
  datastore_in_use: conflict('That datastore holds files, or is the project\'s default. Delete the files first.'),
  engine_in_use: conflict('A deployment uses that engine. Delete the deployment first.'),
  model_not_pulled: conflict('The model is not on this installation yet. Pull it first: modelkeep pull MODEL.'),
  model_not_deployable: conflict('This model cannot be deployed here: no engine of this installation runs its format.'),
  isolation_refused: conflict('The deployment asks for local isolation and an external engine cannot give it. Choose --isolation operator-asserted to accept the operator\'s word.'),
  // Capacity
  rate_limit_exceeded: limited('The rate limit of this deployment is reached. Try again after the time in retry-after.'),
  queue_full: limited('The deployment is working at capacity and its queue is full. Try again after the time in retry-after.'),
  queue_timeout: limited('The request waited too long for a free place. Try again after the time in retry-after.'),
  // The engine behind the endpoint
  deployment_not_ready: server(503, 'The deployment is starting. Try again shortly.'),
  deployment_failed: server(503, 'The deployment could not start; modelkeep deployments show NAME says why.', false),
  isolation_unavailable: server(503, 'The deployment asks for isolation that this machine does not enforce. Run modelkeep doctor to see what is missing.', false),
  engine_unreachable: server(502, 'The engine behind this deployment could not be reached.'),
  engine_crashed: server(502, 'The engine stopped while working on this request. It is being restarted; send the request again.'),
  engine_failed: server(502, 'The engine behind this deployment failed.'),
  engine_refused: invalid('The engine behind this deployment refused the request.'),
  engine_timeout: server(504, 'The engine did not answer in time.'),
  client_too_slow: server(408, 'The client read the answer too slowly and was disconnected.', false),
  // Where files and keys lie
  customer_key_unreachable: server(503, 'The provider of the customer-managed key does not answer. Nothing is lost; try again shortly.'),
  key_custody_unavailable: server(503, 'Key custody is restarting. Try again shortly.'),
  datastore_unreachable: server(503, 'The datastore does not answer. Try again shortly.'),
  datastore_refused: invalid('The datastore refused the credential, or has no such bucket or path.'),
  storage_full: server(507, 'The datastore is full. Nothing of this file was kept.', false),
  sealed_data_invalid: server(500, 'The stored bytes are not what was sealed: they were changed, cut or exchanged. Nothing of them is given out.', false),
  // The installation
  metering_unavailable: server(503, 'The usage of this answer could not be recorded, so its end is withheld. Send the request again.'),
  control_unavailable: server(503, 'The control process is restarting. Try again shortly.'),
  shutting_down: server(503, 'This installation is stopping.'),
  internal_error: server(500, 'Something failed inside Modelkeep. The request id finds the event in the log.', false),
  not_implemented: server(501, 'Modelkeep does not offer this operation.', false),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCodes;

/** Why a pull or a deployment failed, as its record says. Closed, so that no foreign text is stored. */
export const failureCodes = {
  source_unreachable: 'The source could not be reached.',
  source_not_found: 'The source does not have that file.',
  source_refused: 'The source refused access: a credential or an accepted licence is needed.',
  pip_missing: 'No python3 with pip was found, and this source is a Python wheel.',
  pip_failed: 'pip could not download the wheel.',
  member_missing: 'The wheel does not contain the expected file.',
  checksum_mismatch: 'The file is not the one that the catalog names. It was moved to quarantine and is not used.',
  format_unsupported: 'The file is not in a format that this installation can serve.',
  conversion_failed: 'The file could not be converted to the format of the engine.',
  disk_full: 'The disk is full.',
  interrupted: 'The process stopped. It continues from where it was at the next start.',
  cancelled: 'It was cancelled.',
  isolation_unavailable: 'This machine does not enforce the isolation that the deployment asks for. Run modelkeep doctor.',
  worker_crashed: 'The worker stops again and again.',
  model_load_failed: 'The engine could not load the model.',
  memory_insufficient: 'The machine does not have the memory that the model needs.',
  engine_unreachable: 'The external engine does not answer.',
  customer_key_denied: 'The project\'s customer-managed key is disabled or refused, and its deployments stop for that. They start again with the key.',
  credential_unreadable: 'The credential file of the external engine cannot be read.',
  unexpected: 'It failed for a reason that has no code. The log of the process has the event.',
} as const;
export type FailureCode = keyof typeof failureCodes;
