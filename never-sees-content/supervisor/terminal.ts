/** What `modelkeep up` says on the terminal. */
const colours = process.stdout.isTTY && process.stdout.hasColors();
const paint = (code: string, text: string): string => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);

// A terminal that has gone away must not stop the service.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

export const terminal = {
  line: (text = ''): void => { process.stdout.write(`${text}\n`); },
  heading: (text: string): void => terminal.line(paint('1', text)),
  dim: (text: string): void => terminal.line(paint('2', text)),
  problem: (text: string): void => { process.stderr.write(`${paint('31', 'modelkeep:')} ${text}\n`); },
};

/** Performs a step and says how long it took. */
export async function step<T>(title: string, work: () => Promise<T> | T, detail: (result: T) => string = () => ''): Promise<T> {
  const start = performance.now();
  try {
    const result = await work();
    const took = `${((performance.now() - start) / 1000).toFixed(2)} s`;
    terminal.line(`  ${paint('32', '✓')} ${title.padEnd(14)} ${paint('2', took.padStart(8))}  ${detail(result)}`.trimEnd());
    return result;
  } catch (error) {
    terminal.line(`  ${paint('31', '✗')} ${title}`);
    throw error;
  }
}
