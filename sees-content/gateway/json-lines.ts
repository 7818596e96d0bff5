/** A stream of JSON lines as lines. Empty ones, which only say that the sender is alive, are left out. */
import { StringDecoder } from 'node:string_decoder';

export async function* jsonLines(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // A character may be cut between two chunks, and a line is put together once, however many chunks it comes in.
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  for await (const chunk of body) {
    const lines = decoder.write(chunk).split('\n');
    for (const line of lines.slice(0, -1)) {
      const whole = parts.join('') + line;
      parts = [];
      if (whole !== '') yield whole;
    }
    parts.push(lines.at(-1) ?? '');
  }
}
