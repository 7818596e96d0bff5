/** The worker's first act: nobody can read its memory, and it can execute nothing any more. */
import { prctl, setFilter } from './libc.ts';
import { sealFilter } from './seccomp.ts';

const PR_SET_DUMPABLE = 4;

/** @returns false where the kernel refused: the probe then finds it. */
export function sealProcess(): boolean {
  const hidden = prctl(PR_SET_DUMPABLE, 0) === 0;
  return setFilter(sealFilter()) && hidden;
}
