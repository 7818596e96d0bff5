/** Models chosen for comparison and how the list is shown: in the memory of the page, over changes of page, and nowhere else. */
import { useSyncExternalStore } from 'react';

export const mostCompared = 4;
let selected: readonly string[] = [];
let view: 'cards' | 'table' = 'cards';
const listeners = new Set<() => void>();
const subscribe = (listener: () => void): (() => void) => { listeners.add(listener); return () => listeners.delete(listener); };
const tell = (): void => { for (const listener of listeners) listener(); };

export const useSelected = (): readonly string[] => useSyncExternalStore(subscribe, () => selected);
export const useView = (): 'cards' | 'table' => useSyncExternalStore(subscribe, () => view);
export function select(name: string, chosen: boolean): void {
  selected = chosen ? [...selected.filter((each) => each !== name), name].slice(0, mostCompared) : selected.filter((each) => each !== name);
  tell();
}
export function clearSelection(): void { selected = []; tell(); }
export function showAs(next: 'cards' | 'table'): void { view = next; tell(); }
export const compareAddress = (names: readonly string[]): string => `/compare?models=${names.map(encodeURIComponent).join(',')}`;
