/** Who has a role in the project, and inviting more. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Switch } from '@fluentui/react-components';
import { PersonAdd20Regular } from '@fluentui/react-icons';
import { useSignedIn } from '../../api/session.ts';
import { useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Empty } from '../../frame/empty.tsx';
import { Failure } from '../../frame/failure.tsx';
import { time } from '../../frame/format.ts';
import { Section } from '../../frame/page.tsx';
import { AddPerson } from './add-person.tsx';
import { PersonRow } from './person-row.tsx';
import { Rows, RowsWaiting } from '../../frame/rows.tsx';
import { ShownOnce } from './shown-once.tsx';

/** A link that was made just now, and for whom. */
export interface FreshLink { name: string; url: string; expiresAt: string }

export function People(): ReactNode {
  const { scope: mine } = useSignedIn();
  const [everybody, setEverybody] = useState(false);
  const [adding, setAdding] = useState(false);
  const [link, setLink] = useState<FreshLink>();
  const scope = everybody ? 'installation' : 'project';
  const { data, error, refetch } = useOperation('listPeople', { query: { scope } }, { keep: true });
  const add = <Button appearance="primary" icon={<PersonAdd20Regular />} onClick={() => setAdding(true)}>Add a person</Button>;
  return (
    <Section title="People" actions={add}>
      {mine === 'installation' ? <Switch label="Everybody of the installation" checked={everybody} onChange={(_event, { checked }) => setEverybody(checked)} /> : null}
      {link ? <ShownOnce title={`A link for ${link.name}`} text={link.url} what={`link for ${link.name}`}>Give it to them over a channel that you trust. It signs them in once, until {time(link.expiresAt)}, and is not shown again.</ShownOnce> : null}
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {!data && !error ? <RowsWaiting label="Loading people" /> : null}
      {data?.data.length === 0 ? <Empty title="Nobody has an account yet">A person signs in to the studio with a role: a reader looks, a member deploys and uses models, an administrator of the project also invites. Programs use tokens instead.</Empty> : null}
      <Rows label="People">{data?.data.map((person) => <PersonRow key={person.id} person={person} scope={scope} onLink={setLink} />)}</Rows>
      <CliLine line={`npx modelkeep people list${everybody ? ' --everywhere' : ''}`} />
      <CliLine label="Another role" line={`npx modelkeep people role NAME ROLE${everybody ? ' --everywhere' : ''}`} />
      <CliLine label="A sign-in link, for a lost password" line={`npx modelkeep people link ${link?.name ?? 'NAME'}`} />
      <AddPerson open={adding} onClose={() => setAdding(false)} onAdded={(fresh) => { setLink(fresh); setAdding(false); }} />
    </Section>
  );
}
