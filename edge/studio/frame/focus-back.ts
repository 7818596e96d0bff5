/** Who closes a dialog is where they were when it opened. Dialogs here are opened by state, so Fluent does not know by which control. */
import { useEffect } from 'react';

const passing = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox], [data-tabster-dummy]';

export function useFocusBack(): void {
  useEffect(() => {
    let [before, wasInDialog]: [HTMLElement | undefined, boolean] = [undefined, false];
    const onFocus = ({ target }: FocusEvent): void => {
      if (!(target instanceof HTMLElement)) return;
      wasInDialog = target.closest('[role=dialog], [role=alertdialog]') !== null;
      if (target.closest(passing) === null) before = target;
    };
    // A dialog is a child of the body; when it goes with what had focus, focus falls to the body.
    const observer = new MutationObserver(() => {
      if (!wasInDialog || document.activeElement !== document.body || document.querySelector('[role=dialog], [role=alertdialog]') !== null) return;
      wasInDialog = false;
      (before?.isConnected === true ? before : document.getElementById('main'))?.focus({ preventScroll: true });
    });
    document.addEventListener('focusin', onFocus);
    observer.observe(document.body, { childList: true });
    return () => { document.removeEventListener('focusin', onFocus); observer.disconnect(); };
  }, []);
}
