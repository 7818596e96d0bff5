import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, makeStyles, Skeleton, SkeletonItem, Text, tokens } from '@fluentui/react-components';
import { ArrowSync20Regular } from '@fluentui/react-icons';
import { useAct, useOperation } from '../../api/use-operation.ts';
import type { AnswerOf } from '../../api/call.ts';
import { KeysDialog } from '../../deployments/keys-dialog.tsx';
import { rememberKey } from '../../deployments/new-keys.ts';
import type { Deployment } from '../../deployments/state.tsx';
import { CliLine } from '../../frame/code.tsx';
import { Confirm } from '../../frame/confirm.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Moment } from '../../frame/moment.tsx';
import { Section } from '../../frame/page.tsx';

type Slot = AnswerOf<'listKeys'>['data'][number]['slot'];
const titles: Record<Slot, string> = { primary: 'Primary', secondary: 'Secondary' };
const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, minHeight: '104px' },
  key: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalL, minHeight: '48px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  name: { minWidth: '88px' },
  hint: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  made: { flex: '1 1 auto', color: tokens.colorNeutralForeground2 },
});

export function Keys({ deployment, mayChange }: { deployment: Deployment; mayChange: boolean }): ReactNode {
  const styles = useStyles();
  const [asked, setAsked] = useState<Slot>();
  const [fresh, setFresh] = useState<{ slot: Slot; key: string }>();
  const keys = useOperation('listKeys', { params: { deployment: deployment.name } }, { enabled: mayChange });
  if (!mayChange) return <Section title="Keys"><Text>Members of the project see the keys' first characters and can replace them.</Text></Section>;
  return (
    <Section title="Keys">
      <Text>Two keys, so that one can be replaced while programs go on with the other. Their values are shown when they are made and never again.</Text>
      {keys.error ? <Failure error={keys.error} onRetry={() => { void keys.refetch(); }} /> : null}
      {keys.data ? (
        <ul className={styles.list} aria-label="Keys">
          {keys.data.data.map(({ slot, hint, createdAt }) => (
            <li key={slot} className={styles.key}>
              <Text weight="semibold" className={styles.name}>{titles[slot]}</Text><span className={styles.hint}>{hint}</span><Text size={200} className={styles.made}>made <Moment at={createdAt} /></Text>
              <Button icon={<ArrowSync20Regular />} aria-label={`Replace the ${slot} key`} onClick={() => setAsked(slot)}>Replace</Button>
            </li>
          ))}
        </ul>
      ) : keys.error ? null : <Skeleton aria-label="Keys are being read"><SkeletonItem style={{ height: '104px' }} /></Skeleton>}
      {asked === undefined ? null : <Replace deployment={deployment} slot={asked} onClose={() => setAsked(undefined)} onMade={(key) => { setAsked(undefined); setFresh({ slot: asked, key }); rememberKey(deployment.id, key); }} />}
      {fresh === undefined ? null : <KeysDialog title={`The new ${fresh.slot} key of ${deployment.name}`} keys={[[titles[fresh.slot], fresh.key]]} onStored={() => setFresh(undefined)}>It is shown only now. The one before it has stopped working.</KeysDialog>}
      <CliLine line={`npx modelkeep keys regenerate ${deployment.name} secondary`} label="Replace one on the command line" />
    </Section>
  );
}

function Replace({ deployment, slot, onClose, onMade }: { deployment: Deployment; slot: Slot; onClose: () => void; onMade: (key: string) => void }): ReactNode {
  const act = useAct('regenerateKey');
  const replace = (): void => act.mutate({ params: { deployment: deployment.name, slot } }, { onSuccess: ({ key }) => { act.reset(); onMade(key); } });
  return (
    <Confirm open title={`Replace the ${slot} key of ${deployment.name}?`} action="Replace the key" cli={`npx modelkeep keys regenerate ${deployment.name} ${slot}`} pending={act.isPending} error={act.error} onConfirm={replace} onClose={onClose}>
      <Text block>Programs that use the {slot} key are refused from this moment on. The other key goes on working.</Text>
    </Confirm>
  );
}
