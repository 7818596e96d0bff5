/** Search as you type: the address follows a moment after the last letter. The key / leads here from anywhere on the page. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { makeStyles, SearchBox as Box } from '@fluentui/react-components';

const pauseMs = 200;
const useStyles = makeStyles({ box: { flex: '1 1 240px', maxWidth: '560px', minWidth: 0 } });
const takesText = (element: Element | null): boolean => element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

export function SearchBox({ value, onSearch }: { value: string; onSearch: (words: string) => void }): ReactNode {
  const styles = useStyles();
  const [text, setText] = useState(value);
  const box = useRef<HTMLInputElement>(null);
  const told = useRef(value);
  useEffect(() => { if (value !== told.current) { told.current = value; setText(value); } }, [value]);
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => { told.current = text; onSearch(text); }, pauseMs);
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
  }, []);
  return <Box ref={box} className={styles.box} value={text} onChange={(_event, { value: next }) => setText(next)} aria-label="Search models" aria-keyshortcuts="/" placeholder="Search names, publishers, licences ( / )" autoComplete="off" maxLength={200} />;
}
