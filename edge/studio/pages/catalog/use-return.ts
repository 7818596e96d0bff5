/** Who comes back from a model finds the list where it was left: in the memory of the page, for the same search only. */
import { useEffect, useRef, useState } from 'react';
import { useSearch } from 'wouter';

let left: { address: string; y: number } | undefined;

/** `ready`: the list has its height. */
export function useReturn(ready: boolean): void {
  const address = useSearch();
  const [arrived] = useState(() => (left?.address === address ? left.y : 0));
  const done = useRef(arrived === 0);
  useEffect(() => {
    if (!ready || done.current) return;
    done.current = true;
    // After the frame of the page has gone to its top, as it does on every page.
    const frame = requestAnimationFrame(() => window.scrollTo(0, arrived));
    return () => cancelAnimationFrame(frame);
  }, [ready, arrived]);
  useEffect(() => {
    const keep = (): void => { if (done.current) left = { address, y: window.scrollY }; };
    window.addEventListener('scroll', keep, { passive: true });
    return () => window.removeEventListener('scroll', keep);
  }, [address]);
}
