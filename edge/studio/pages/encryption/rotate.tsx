import { useState } from 'react';
import type { ReactNode } from 'react';
import { Radio, RadioGroup, Text } from '@fluentui/react-components';
import { useAct } from '../../api/use-operation.ts';
import { Confirm } from '../../frame/confirm.tsx';
import type { Encryption } from '../../encryption/words.ts';

type Layer = 'platform' | 'customer' | 'both';

export function Rotate({ open, encryption, onClose }: { open: boolean; encryption: Encryption; onClose: () => void }): ReactNode {
  const act = useAct('rotateKeys');
  const [layer, setLayer] = useState<Layer>('both');
  return (
    <Confirm open={open} title="Rotate the keys?" action="Rotate" cli={`npx modelkeep encryption rotate${layer === 'both' ? '' : ` --layer ${layer}`}`} pending={act.isPending} error={act.error} onClose={onClose} onConfirm={() => act.mutate({ body: { layer } }, { onSuccess: onClose })}>
      <Text block>The keys that wrap get new versions, and every data key is wrapped anew. Files are not touched and can be used meanwhile.</Text>
      <RadioGroup aria-label="Which keys" value={layer} onChange={(_event, { value }) => setLayer(value as Layer)}>
        <Radio value="both" label="Both layers" /><Radio value="platform" label="The platform's key" /><Radio value="customer" label={encryption.customerLayer.by === 'customer' ? 'The customer-managed key, at its provider' : 'The second platform key, of the customer\'s layer'} />
      </RadioGroup>
    </Confirm>
  );
}
