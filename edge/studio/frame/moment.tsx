/** A time as "3 minutes ago", with the exact one at hand. */
import type { ReactNode } from 'react';
import { Tooltip } from '@fluentui/react-components';
import { ago, time } from './format.ts';

export function Moment({ at }: { at: string }): ReactNode {
  return <Tooltip content={time(at)} relationship="description"><time dateTime={at}>{ago(at)}</time></Tooltip>;
}
