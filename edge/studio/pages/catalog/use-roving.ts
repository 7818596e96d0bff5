/** Moves through the list by keys. One item at a time can be reached by Tab; the arrows, Home and End lead to the others, also to those that are not in the document yet. */
import { useEffect, useImperativeHandle, useRef, useState } from 'react';

export interface Roving {
  /** The item that Tab leads to: the one that had the focus last, where it is in the document (from `first` to `last`), or else the first that is seen. */
  stop: (first: number, last: number, seen: number) => number;
  /** The item that has, or is to have, the focus: it stays in the document. */
  held: number | undefined;
  onKeyDown: (event: React.KeyboardEvent) => void; onFocus: (event: React.FocusEvent) => void; onBlur: (event: React.FocusEvent) => void;
}
interface Given { list: React.RefObject<HTMLElement | null>; total: number; lanes: number; /** Starts anew when it changes. */ question: unknown; show: (item: number) => void; leave: () => void; onSpace: (item: number) => void; /** Focuses the first result. */ enter: React.Ref<() => void> }

const itemOf = (target: EventTarget): number => Number((target instanceof Element ? target.closest<HTMLElement>('[data-at]') : null)?.dataset['at'] ?? NaN);

export function useRoving({ list, total, lanes, question, show, leave, onSpace, enter }: Given): Roving {
  const [current, setCurrent] = useState(0);
  const [within, setWithin] = useState(false);
  const wanted = useRef<number>(undefined);
  const [asked, setAsked] = useState(question);
  if (asked !== question) { setAsked(question); setCurrent(0); }
  const go = (item: number): void => { wanted.current = item; setCurrent(item); setWithin(true); show(item); };
  useImperativeHandle(enter, () => () => { if (total > 0) go(0); });
  // What is still to come is focused as a whole until its link is there.
  useEffect(() => {
    if (wanted.current === undefined) return;
    const item = list.current?.querySelector<HTMLElement>(`[data-at="${wanted.current}"]`);
    const link = item?.querySelector('a');
    (link ?? item)?.focus({ preventScroll: true });
    if (link) wanted.current = undefined;
  });
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const at = itemOf(event.target);
    if (Number.isNaN(at) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const isBox = event.target instanceof HTMLInputElement;
    const to = { ArrowDown: at + lanes, ArrowUp: at - lanes, ArrowRight: lanes > 1 ? at + 1 : NaN, ArrowLeft: lanes > 1 ? at - 1 : NaN, Home: 0, End: total - 1 }[event.key];
    if (event.key === ' ' && !isBox) onSpace(at);
    else if (to === undefined || Number.isNaN(to)) return;
    else if (event.key === 'ArrowUp' && to < 0) leave();
    else go(Math.max(0, Math.min(total - 1, to)));
    event.preventDefault();
  };
  const onFocus = ({ target }: React.FocusEvent): void => { const at = itemOf(target); if (!Number.isNaN(at)) { setCurrent(at); setWithin(true); } };
  const onBlur = ({ currentTarget, relatedTarget }: React.FocusEvent): void => { if (!currentTarget.contains(relatedTarget)) { wanted.current = undefined; setWithin(false); } };
  const item = Math.max(0, Math.min(current, total - 1));
  return { stop: (first, last, seen) => (within || (item >= first && item <= last) ? item : seen), held: within ? item : undefined, onKeyDown, onFocus, onBlur };
}
