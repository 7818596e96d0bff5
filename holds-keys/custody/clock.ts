/** Milliseconds that only ever grow, for how long something holds: a wall clock that is set back would prolong it. */
export const clock = { now: (): number => performance.now() };
