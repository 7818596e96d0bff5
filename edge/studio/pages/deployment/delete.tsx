import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Text } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useAct } from '../../api/use-operation.ts';
import { forgetKey } from '../../deployments/new-keys.ts';
import type { Deployment } from '../../deployments/state.tsx';
import { Confirm } from '../../frame/confirm.tsx';

export function DeleteDeployment({ deployment: { id, name }, onClose }: { deployment: Deployment; onClose: () => void }): ReactNode {
  const act = useAct('deleteDeployment');
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const remove = (): void => {
    // What was read of it is dropped first: the page must not ask again for what is gone.
    act.mutate({ params: { deployment: name } }, { onSuccess: () => { forgetKey(id); client.removeQueries({ queryKey: ['showDeployment'] }); navigate(`/deployments?deleted=${id}`, { replace: true }); } });
  };
  return (
    <Confirm open title={`Delete ${name}?`} action="Delete the deployment" typed={name} cli={`npx modelkeep deployments delete ${name}`} pending={act.isPending} error={act.error} onConfirm={remove} onClose={onClose}>
      <Text block>Both keys stop working at once and the model leaves memory. What was used stays on record, and the ledger keeps a certificate of the deletion: <code>modelkeep ledger deletion {id}</code>.</Text>
    </Confirm>
  );
}
