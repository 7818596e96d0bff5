/** Audits in words. */
import type { AnswerOf } from '../../api/call.ts';

export type Audit = AnswerOf<'showAudit'>;
export const steps: Readonly<Record<string, string>> = { preparing: 'Preparing', planting: 'Planting canaries through every route', searching: 'Searching everything that is kept or sent' };
export const failures: Readonly<Record<NonNullable<Audit['failure']>, string>> = {
  not_running: 'The installation\'s supervisor did not answer: an audit needs modelkeep up on one machine.', already_running: 'Another audit was under way.', interrupted: 'It was stopped; what it had made was taken back.',
  api_refused: 'The installation refused a request that the audit needs. Its log has the event.', no_model: 'No model is pulled that the audit could deploy. Pull one and start it again.', configuration_invalid: 'It could not read the configuration of the installation.',
  unexpected: 'It ended for a reason that has no code. Run it on the command line to see more: modelkeep audit',
};
export const proves = [
  'That a string that stands nowhere else in the world, sent through every field, header and outcome of every operation, is afterwards in no file, table, log, message or memory where it may not be.',
  'That the search can see: the audit plants leaks of its own, and fails unless it finds each of them.',
  'That no process had a connection that nobody declared, and that an external engine was sent no more than a model needs.',
];
export const provesNot = [
  'What the memory of gateway and workers holds while a request is worked on.',
  'What is computed from content, or was compressed, encrypted or split before it was written.',
  'What an external engine, the machine\'s hypervisor or its network keeps.',
  'Any moment but the one in which it was made, and any configuration but the one that it found. Run it after every change.',
];
