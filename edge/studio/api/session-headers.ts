/** What every request of a session carries beside its cookie. Kept in the page's memory alone. */
let csrf: string | null = null;
let project: string | null = null;

export function actWith(session: { csrf: string | null }): void { csrf = session.csrf; }
export function actIn(name: string | null): void { project = name; }

/** The cross-site token goes with whatever changes something. */
export function sessionHeaders(method: string): Record<string, string> {
  return { ...(project === null ? {} : { 'x-modelkeep-project': project }), ...(csrf === null || method === 'GET' ? {} : { 'x-modelkeep-csrf': csrf }) };
}
