/** Runs in the page, before its own scripts: notes when something is first seen, how long a letter takes to show its result, and what kept the page from answering. Times are of the page's own clock. */
interface Noted { firstRow: number | undefined; results: number[]; longTasks: number[] }
declare global { interface Window { noted: Noted } }

export function watchPage(): void {
  const noted: Noted = { firstRow: undefined, results: [], longTasks: [] };
  window.noted = noted;
  new PerformanceObserver((list) => noted.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  const told = (): string => [...document.querySelectorAll('[role=status]')].map(({ textContent }) => textContent).join();
  const rowShown = (): boolean => document.querySelector('[aria-label=Models] li a, [role=table] [role=rowgroup] [role=row] a') !== null;
  const afterPaint = (then: () => void): void => { requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = then; port2.postMessage(undefined); }); };
  let pressed: { at: number; told: string } | undefined;
  const look = (): void => {
    if (noted.firstRow === undefined && rowShown()) { noted.firstRow = 0; afterPaint(() => { noted.firstRow = performance.now(); }); }
    if (!pressed || told() === pressed.told || document.querySelector('#main [aria-busy=true]')) return;
    const { at } = pressed;
    pressed = undefined;
    afterPaint(() => noted.results.push(performance.now() - at));
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['aria-busy'] });
  addEventListener('keydown', ({ timeStamp }) => { pressed = { at: timeStamp, told: told() }; }, { capture: true });
}
