/** Why an audit could not be made. That it found something is no error but its result. */
export class AuditError extends Error {
  readonly code: 'not_running' | 'already_running' | 'interrupted' | 'api_refused' | 'no_model' | 'configuration_invalid';
  constructor(code: AuditError['code'], detail = '') { super(`${code}${detail === '' ? '' : `: ${detail}`}`); this.code = code; }
}
