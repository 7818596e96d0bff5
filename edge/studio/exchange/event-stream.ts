/** Server-sent events out of pieces as the network cuts them: yields the data of each event that is whole. */
export class EventStream {
  readonly #decoder = new TextDecoder();
  #rest = '';

  /** @returns the data of the events that this piece completes, in order */
  push(piece: Uint8Array): string[] {
    this.#rest += this.#decoder.decode(piece, { stream: true });
    const events = this.#rest.split(/\r?\n\r?\n/);
    this.#rest = events.pop() ?? '';
    return events.flatMap((event) => {
      const data = event.split(/\r?\n/).filter((line) => line.startsWith('data:')).map((line) => line.slice(5).replace(/^ /, ''));
      return data.length === 0 ? [] : [data.join('\n')];
    });
  }
}
