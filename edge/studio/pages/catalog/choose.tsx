/** Chooses a model for comparison; four at most. By keys: Space on the model, so that the list is one stop of Tab. */
import type { ReactNode } from 'react';
import { Checkbox } from '@fluentui/react-components';
import { mostCompared, select, useSelected } from '../../models/selection.ts';

export function Choose({ name }: { name: string }): ReactNode {
  const selected = useSelected();
  const chosen = selected.includes(name);
  return <Checkbox checked={chosen} disabled={!chosen && selected.length >= mostCompared} onChange={(_event, { checked }) => select(name, checked === true)} tabIndex={-1} aria-keyshortcuts="Space" aria-label={`Compare ${name}`} />;
}
