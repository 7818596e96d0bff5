/**
 * Cuts a stream into blocks of `size` bytes, the first one `first` bytes. The last block may be shorter; it is empty only where the stream is. A block is the caller's until the next one
 * is asked for.
 */
export interface Block { block: Buffer; last: boolean }

export async function* cut(source: AsyncIterable<Buffer>, size: number, first = size): AsyncGenerator<Block, void, undefined> {
  const held = Buffer.allocUnsafeSlow(Math.max(size, first));
  let filled = 0;
  let used = 0;
  let want = first;
  try {
    for await (const chunk of source) {
      let at = 0;
      while (at < chunk.length) {
        // Here more follows, so what is full is not the last one.
        if (filled === want) {
          yield { block: held.subarray(0, filled), last: false };
          [filled, want] = [0, size];
        } else if (filled === 0 && chunk.length - at > want) {
          yield { block: chunk.subarray(at, at + want), last: false };
          [at, want] = [at + want, size];
        } else {
          const taken = chunk.copy(held, filled, at, at + want - filled);
          filled += taken;
          used = Math.max(used, filled);
          at += taken;
        }
      }
    }
    yield { block: held.subarray(0, filled), last: true };
  } finally { held.fill(0, 0, used); }
}
