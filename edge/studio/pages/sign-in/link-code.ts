/** The one-time code of a sign-in link. It is taken out of the address, and so out of the history, before anything else of the studio runs. */
const form = /^#(mk-sl-[A-Za-z0-9_-]{43})$/;
let waiting: string | undefined;
const listeners = new Set<() => void>();

function take(): void {
  const [, code] = form.exec(window.location.hash) ?? [];
  if (code === undefined) return;
  window.history.replaceState(window.history.state, '', window.location.pathname);
  waiting = code;
  for (const listener of listeners) listener();
}
take();
// A link that is pasted where the page is open already changes the fragment alone.
window.addEventListener('hashchange', take);

/** The code, once. */
export function takeCode(): string | undefined {
  const code = waiting;
  waiting = undefined;
  return code;
}
export function onCode(listener: () => void): () => void {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}
