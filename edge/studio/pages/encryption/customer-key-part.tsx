/** The key that the customer manages: its state, what that means, and what can be done with it. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, makeStyles, MessageBar, MessageBarBody, MessageBarTitle, Text, tokens } from '@fluentui/react-components';
import { Key20Regular } from '@fluentui/react-icons';
import { may, useSignedIn } from '../../api/session.ts';
import { Facts } from '../../frame/facts.tsx';
import { time } from '../../frame/format.ts';
import { Moment } from '../../frame/moment.tsx';
import { Section } from '../../frame/page.tsx';
import { StateBadge } from '../../frame/state-badge.tsx';
import { KeyAction } from './key-action.tsx';
import type { Action } from './key-action.tsx';
import { described } from './providers.ts';
import { SetKey } from './set-key.tsx';
import { onDeniedInWords, states } from '../../encryption/words.ts';
import type { CustomerKey, Encryption } from '../../encryption/words.ts';

const useStyles = makeStyles({ actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS }, words: { maxWidth: '90ch' } });

export function CustomerKeyPart({ encryption: { customerKey } }: { encryption: Encryption }): ReactNode {
  const styles = useStyles();
  const mayChange = may(useSignedIn(), 'administrator');
  const [setting, setSetting] = useState(false);
  const [action, setAction] = useState<Action>();
  const button = (which: Action, label: string): ReactNode => <Button onClick={() => setAction(which)}>{label}</Button>;
  const off = customerKey?.state === 'disabled';
  return (
    <Section title="Customer-managed key" actions={customerKey ? <span role="status"><StateBadge look={states[customerKey.state].look}>{states[customerKey.state].word}</StateBadge></span> : undefined}>
      {customerKey ? <About customerKey={customerKey} /> : <Text className={styles.words}>There is none: a second key of the platform stands in for it. Both layers then hang on the root key of this installation: whoever has its keys and the sealed bytes has the files. With a key of your own at a provider of yours, every file needs your provider&apos;s answer to be opened, and you can take that away at any time, from outside.</Text>}
      {mayChange ? (
        <div className={styles.actions}>
          <Button appearance={customerKey ? 'secondary' : 'primary'} icon={<Key20Regular />} onClick={() => setSetting(true)}>{customerKey ? 'Use another key' : 'Use a key of your own'}</Button>
          {customerKey ? <>{button(off ? 'enable' : 'disable', off ? 'Enable' : 'Disable')}{button('remove', 'Remove')}</> : null}
        </div>
      ) : null}
      {setting ? <SetKey current={customerKey} onClose={() => setSetting(false)} /> : null}
      {action === undefined ? null : <KeyAction action={action} onClose={() => setAction(undefined)} />}
    </Section>
  );
}

function About({ customerKey: { settings, state, kid, checkedAt, since, onDenied, developmentOnly } }: { customerKey: CustomerKey }): ReactNode {
  const { name, settings: asked } = described(settings.provider);
  const told = settings as unknown as Readonly<Record<string, string | undefined>>;
  return (
    <>
      {developmentOnly ? <MessageBar intent="warning" layout="multiline"><MessageBarBody><MessageBarTitle>For development only.</MessageBarTitle> Whoever can read this machine can read this key.</MessageBarBody></MessageBar> : null}
      <Facts facts={[
        ...(state === 'enabled' ? [['What it means', states.enabled.means], ['What to do', states.enabled.todo]] as const : []), ['Provider', name], ...asked.map(({ name: field, label }) => [label, told[field]] as const), ['Version that wraps', <code key="kid">{kid}</code>],
        ['Last answer of its provider', checkedAt === null ? 'none yet' : <Moment key="checked" at={checkedAt} />], ['Taken into use', time(since)], ['Once it is disabled or refused', `Running deployments ${onDeniedInWords[onDenied]}.`],
      ]} />
    </>
  );
}
