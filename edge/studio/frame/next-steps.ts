/** What a person in the studio does next, by the code of the error. Where a code is not here, its message says all there is to do. */
import type { ErrorCode } from '#contract/error-codes.ts';

export interface NextStep { words: string; /** The page where it is done. */ at?: { title: string; href: string } }
const health = { title: 'Settings, Health', href: '/settings?tab=health' };
const catalog = { title: 'Catalog', href: '/catalog' };
const data = { title: 'Data', href: '/data' };
const encryption = { title: 'Encryption', href: '/encryption' };
const deployments = { title: 'Deployments', href: '/deployments' };

export const nextSteps: Partial<Record<ErrorCode | 'unreachable', NextStep>> = {
  // Who is asking
  missing_api_key: { words: 'Sign in again.', at: { title: 'Sign in', href: '/sign-in' } },
  session_ended: { words: 'Sign in again.', at: { title: 'Sign in', href: '/sign-in' } },
  sign_in_refused: { words: 'Ask an administrator for a fresh link, or print one on the machine itself: npx modelkeep studio.' },
  sign_in_limited: { words: 'Wait a few minutes, or sign in by a link.' },
  password_refused: { words: 'Type the current password again. Where it is lost, sign in by a link and leave that field empty.' },
  permission_denied: { words: 'Ask an administrator of the project for the role that may do this.' },
  csrf_refused: { words: 'Load this page again and repeat what you did.' },
  invalid_api_key: { words: 'Give a key that is valid now; one that is lost is replaced on the deployment\'s page.', at: deployments },
  // What is asked for
  invalid_request: { words: 'Correct the field that is named, and send it again.' },
  unsupported_parameter: { words: 'Take that parameter out, or choose a deployment whose model offers it.' },
  context_length_exceeded: { words: 'Clear the conversation, ask more briefly, or deploy the model with more context.' },
  body_too_large: { words: 'Send less text at once.' },
  model_not_found: { words: 'It may have been deleted, or be another project\'s: look for it in the list.', at: catalog },
  deployment_not_found: { words: 'It may have been deleted, or be another project\'s: look for it in the list.', at: deployments },
  person_not_found: { words: 'Load the list of people again.', at: { title: 'Settings, People', href: '/settings?tab=people' } },
  session_not_found: { words: 'It has ended already: load the list again.', at: { title: 'Settings, Sessions', href: '/settings?tab=sessions' } },
  receipt_not_found: { words: 'Ask again in the playground, or open a receipt file that was kept.', at: { title: 'Receipts', href: '/receipts' } },
  audit_not_found: { words: 'Choose one that is in the list.', at: { title: 'Audits', href: '/audits' } },
  name_taken: { words: 'Type another name; the one that has it is in the list.', at: deployments },
  audit_running: { words: 'Follow it on its page.', at: { title: 'Audits', href: '/audits' } },
  model_not_pulled: { words: 'Pull the model on its page in the catalog; then try again.', at: catalog },
  model_not_deployable: { words: 'Choose a model that runs here, or register an engine for it: npx modelkeep engines add --help.', at: catalog },
  isolation_refused: { words: 'Choose to run it on this machine, or accept the word of the engine\'s operator.' },
  deletion_not_found: { words: 'Take the id from an entry of the ledger whose kind ends in .deleted.', at: { title: 'Ledger', href: '/ledger' } },
  file_not_found: { words: 'It may have been deleted, or be another project\'s: look for it in the list.', at: data },
  upload_not_found: { words: 'Unfinished uploads are destroyed after a day. Send the file again.', at: data },
  upload_closed: { words: 'See whether the file is in the list; if not, send it again.', at: data },
  content_not_yours: { words: 'Nothing is wrong: who runs the installation is kept away from content on purpose. Ask somebody who works in the project.' },
  datastore_in_use: { words: 'Delete its files first.', at: data },
  customer_key_misconfigured: { words: 'Compare each field with what the provider shows, and see whether the credential may use the key.' },
  // Capacity
  rate_limit_exceeded: { words: 'Wait a moment, or raise the limits on the deployment\'s page.', at: deployments },
  queue_full: { words: 'Wait a moment, or raise how many requests may wait on the deployment\'s page.', at: deployments },
  queue_timeout: { words: 'Ask again in a moment, or raise how many requests are worked on at once.', at: deployments },
  // The engine and the installation
  deployment_not_ready: { words: 'Wait until its page says Ready.', at: deployments },
  deployment_failed: { words: 'Its page says why, and what to do.', at: deployments },
  isolation_unavailable: { words: 'See what is missing.', at: health },
  engine_unreachable: { words: 'Ask the operator of the engine whether it runs; its address is on the deployment\'s page.', at: deployments },
  engine_crashed: { words: 'Ask again in a moment. Where it happens each time, the machine may lack memory.', at: health },
  engine_timeout: { words: 'Ask for fewer tokens, or try again when there is less to do.' },
  customer_key_denied: { words: 'See its state, and what to do.', at: encryption },
  customer_key_unreachable: { words: 'See its state, and what to do.', at: encryption },
  storage_full: { words: 'Delete files that are not needed, or ask the operator for room.', at: data },
  datastore_refused: { words: 'Compare bucket, prefix and credential with what the store shows.' },
  sealed_data_invalid: { words: 'Upload the file again from where you have it, and tell the operator.', at: health },
  key_custody_unavailable: { words: 'Wait a few seconds, and try again.' },
  metering_unavailable: { words: 'See whether the database answers.', at: health },
  control_unavailable: { words: 'Wait a few seconds; this page asks again.' },
  internal_error: { words: 'Try again. Where it stays, give the request id to the operator: it finds the event in the log.', at: health },
  unreachable: { words: 'See whether it runs on the machine: npx modelkeep status.' },
};
