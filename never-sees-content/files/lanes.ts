/** Work that is left to do, in order within each project and apart from every other's: one whose storage never answers holds up nobody else. */
export class Lanes {
  readonly #last = new Map<string, Promise<void>>();
  readonly #taken = new Set<string>();

  /** `id`: what waits or is under way is not taken again. `work` tells of its failures itself. @returns when it is done, or at once where it was taken before */
  async take(project: string, id: string, work: () => Promise<void>): Promise<void> {
    if (this.#taken.has(id)) return;
    this.#taken.add(id);
    const mine = (this.#last.get(project) ?? Promise.resolve()).then(work).catch(() => undefined);
    this.#last.set(project, mine);
    await mine;
    this.#taken.delete(id);
    if (this.#last.get(project) === mine) this.#last.delete(project);
  }
}
