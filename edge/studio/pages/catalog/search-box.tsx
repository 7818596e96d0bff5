/** Search as you type: the address follows at once. The key / leads here from anywhere on the page, and Down from here to what was found. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { makeStyles, SearchBox as Box } from '@fluentui/react-components';

/** Letters that come together are one search; and a key that is held down changes the address less often than browsers put up with. */
const pauseMs = 20;
const leastMs = 80;
const useStyles = makeStyles({ box: { flex: '1 1 240px', maxWidth: '560px', minWidth: 0 } });
const takesText = (element: Element | null): boolean => element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

export function SearchBox({ value, onSearch, onDown, box }: { value: string; onSearch: (words: string) => void; onDown: () => void; box: React.RefObject<HTMLInputElement | null> }): ReactNode {
  const styles = useStyles();
  const [text, setText] = useState(value);
  const told = useRef({ text: value, at: -Infinity });
  useEffect(() => { if (value !== told.current.text) { told.current.text = value; setText(value); } }, [value]);
  useEffect(() => {
    if (text === told.current.text) return;
    const tell = (): void => { told.current = { text, at: performance.now() }; onSearch(text); };
    const timer = setTimeout(tell, Math.max(pauseMs, told.current.at + leastMs - performance.now()));
    return () => clearTimeout(timer);
  }, [text, onSearch]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || takesText(document.activeElement)) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [box]);
  const toList = (event: React.KeyboardEvent): void => { if (event.key === 'ArrowDown') { event.preventDefault(); onDown(); } };
  return <Box ref={box} className={styles.box} value={text} onChange={(_event, { value: next }) => setText(next)} onKeyDown={toList} aria-label="Search models" aria-keyshortcuts="/" placeholder="Search names, publishers, licences ( / )" autoComplete="off" maxLength={200} />;
}
