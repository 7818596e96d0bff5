/** What the customer-managed key does not let anybody do now: told above whatever it closes. */
import type { ReactNode } from 'react';
import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { states } from './words.ts';
import type { CustomerKey } from './words.ts';

/** Nothing where there is no such key, or it is in use. `next`: in place of what is to be done. */
export function Closed({ customerKey, next }: { customerKey: CustomerKey | null; next?: ReactNode }): ReactNode {
  if (customerKey === null || customerKey.state === 'enabled') return null;
  const { word, look, means, todo } = states[customerKey.state];
  return <MessageBar intent={look === 'bad' ? 'error' : 'warning'} layout="multiline"><MessageBarBody><MessageBarTitle>Customer-managed key: {word.toLowerCase()}.</MessageBarTitle> {means} {next ?? todo}</MessageBarBody></MessageBar>;
}
