import type { ReactNode } from 'react';
import { Text } from '@fluentui/react-components';
import { useAct } from '../../api/use-operation.ts';
import { Confirm } from '../../frame/confirm.tsx';

export type Action = 'disable' | 'enable' | 'remove';
const asked: Readonly<Record<Action, { title: string; action: string; says: string }>> = {
  disable: { title: 'Disable the customer-managed key?', action: 'Disable the key', says: 'At once, uploads, downloads, jobs and new deployments of this project are refused, for everybody. Nothing is lost: enable it again and all is as before.' },
  enable: { title: 'Enable the customer-managed key?', action: 'Enable the key', says: 'Its provider is asked; if it answers, files can be read and written again.' },
  remove: { title: 'Remove the customer-managed key?', action: 'Remove the key', says: 'Every data key of the customer\'s layer is unwrapped with it once more and wrapped by a key of the platform: from then on your provider is no longer asked, and cannot close the project\'s data. The credential is destroyed; the key itself stays at its provider.' },
};

export function KeyAction({ action, onClose }: { action: Action; onClose: () => void }): ReactNode {
  const [disable, enable, remove] = [useAct('disableCustomerKey'), useAct('enableCustomerKey'), useAct('removeCustomerKey')];
  const act = { disable, enable, remove }[action];
  const run = (): void => {
    if (action === 'remove') remove.mutate({}, { onSuccess: onClose }); else (action === 'disable' ? disable : enable).mutate({ body: {} }, { onSuccess: onClose });
  };
  return <Confirm open title={asked[action].title} action={asked[action].action} cli={`npx modelkeep encryption ${action}`} pending={act.isPending} error={act.error} onConfirm={run} onClose={onClose}><Text block>{asked[action].says}</Text></Confirm>;
}
