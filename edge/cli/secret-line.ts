/** A line that nobody may read over the shoulder. */

const interrupted = 130;

/** Reads a line without showing it on a terminal, or the first line of a pipe. */
export async function readSecret(question: string): Promise<string> {
  const { stdin } = process;
  stdin.setEncoding('utf8');
  // What is typed before the question is not shown either.
  if (stdin.isTTY) { stdin.setRawMode(true); process.stderr.write(question); }
  return await new Promise((resolve) => {
    let text = '';
    const end = (): void => {
      stdin.off('data', take).off('end', end).pause();
      if (stdin.isTTY) { stdin.setRawMode(false); process.stderr.write('\n'); }
      resolve(text);
    };
    const take = (chunk: Buffer | string): void => {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n' || character === '\u0004') { end(); return; }
        if (character === '\u0003') { stdin.setRawMode(false); process.stderr.write('\n'); process.exit(interrupted); }
        text = character === '\u007f' || character === '\b' ? text.slice(0, -1) : text + character;
      }
    };
    // After an earlier question it stands still.
    stdin.on('data', take).once('end', end).resume();
  });
}
