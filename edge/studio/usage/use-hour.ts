/** The time, as of the hour that runs: what depends on it changes once an hour and not with every drawing. */
import { useEffect, useMemo, useState } from 'react';

const hourOf = (at: number): number => Math.floor(at / 3_600_000);
export function useHour(): Date {
  const [hour, setHour] = useState(() => hourOf(Date.now()));
  useEffect(() => {
    const timer = setInterval(() => setHour(hourOf(Date.now())), 30_000);
    return () => clearInterval(timer);
  }, []);
  return useMemo(() => new Date(hour * 3_600_000), [hour]);
}
