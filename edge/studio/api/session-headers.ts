/** What every request of a session carries beside its cookie. Kept in the page's memory alone. */
let csrf: string | null = null;
let project: string | null = null;

/** A page that nobody touches must not keep its session alive by looking again: after this long its requests say so. */
const attendedMs = 60_000;
let touched = Date.now();
if (typeof document !== 'undefined') for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) document.addEventListener(kind, () => { touched = Date.now(); }, { capture: true, passive: true });

export function actWith(session: { csrf: string | null }): void { csrf = session.csrf; }
export function actIn(name: string | null): void { project = name; }

/** What holds a request to a project, whichever is chosen when it is sent. */
export const inProject = (name: string): Record<string, string> => ({ 'x-modelkeep-project': name });

/** The cross-site token goes with whatever changes something. */
export function sessionHeaders(method: string): Record<string, string> {
  return { ...(project === null ? {} : { 'x-modelkeep-project': project }), ...(Date.now() - touched > attendedMs ? { 'x-modelkeep-unattended': '1' } : {}), ...(csrf === null || method === 'GET' ? {} : { 'x-modelkeep-csrf': csrf }) };
}
