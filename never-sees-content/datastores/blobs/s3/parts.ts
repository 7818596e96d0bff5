/** A stream cut into parts of one size; the last may be shorter, and is empty where the stream is. */

export interface Part { bytes: Buffer; last: boolean }

export async function* inParts(stream: AsyncIterable<Buffer>, size: number): AsyncGenerator<Part> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    for (let rest = chunk; rest.length > 0;) {
      if (length === size) {
        yield { bytes: Buffer.concat(held, length), last: false };
        held = [];
        length = 0;
      }
      const taken = rest.subarray(0, size - length);
      held.push(taken);
      length += taken.length;
      rest = rest.subarray(taken.length);
    }
  }
  yield { bytes: Buffer.concat(held, length), last: true };
}
