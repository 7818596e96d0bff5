/** Where one is signed in, and ending it elsewhere. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Badge, Button, Text } from '@fluentui/react-components';
import type { AnswerOf } from '../../api/call.ts';
import { useSignedIn } from '../../api/session.ts';
import { useAct, useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Confirm } from '../../frame/confirm.tsx';
import { Failure } from '../../frame/failure.tsx';
import { time } from '../../frame/format.ts';
import { Moment } from '../../frame/moment.tsx';
import { Section } from '../../frame/page.tsx';
import { Row, Rows, RowsWaiting } from '../../frame/rows.tsx';

type OpenSession = AnswerOf<'listSessions'>['data'][number];

export function Sessions(): ReactNode {
  const { account } = useSignedIn();
  const { data, error, refetch } = useOperation('listSessions');
  return (
    <Section title="Your sessions">
      <Text as="p" block style={{ margin: 0 }}>A session ends by itself when it is not used for a while. One that you do not know: end it, and set another password.</Text>
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {!data && !error ? <RowsWaiting label="Loading sessions" /> : null}
      <Rows label="Sessions">{data?.data.map((session) => <SessionRow key={session.id} session={session} />)}</Rows>
      <CliLine line={`npx modelkeep sessions list ${account?.name ?? 'NAME'}`} label="On the command line, for administrators" />
      <CliLine line="npx modelkeep sessions end ID" label="End one, by its id in that list" />
    </Section>
  );
}

function SessionRow({ session }: { session: OpenSession }): ReactNode {
  const { id, browser, system, method, startedAt, lastSeenAt, expiresAt, current } = session;
  const [asking, setAsking] = useState(false);
  const end = useAct('revokeSession');
  const where = `${browser === 'other' ? 'A browser' : browser} on ${system === 'other' ? 'another system' : system}`;
  return (
    <Row label={where} actions={current ? <Badge appearance="outline">This one</Badge> : <Button aria-label={`End session: ${where}`} onClick={() => setAsking(true)}>End</Button>}>
      <Text weight="semibold">{where}</Text>
      <Text size={200}>Signed in by {method} <Moment at={startedAt} /> · last used <Moment at={lastSeenAt} /> · ends by {time(expiresAt)}</Text>
      <Confirm open={asking} title="End this session" action="End" cli={`npx modelkeep sessions end ${id}`} pending={end.isPending} error={end.error} onClose={() => setAsking(false)} onConfirm={() => end.mutate({ params: { session: id } }, { onSuccess: () => setAsking(false) })}>
        <Text block>Its next request is refused. Whoever uses it has to sign in again.</Text>
      </Confirm>
    </Row>
  );
}
