/** Tokens of the project: for programs, instead of a person. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Badge, Button, Text } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons';
import type { AnswerOf } from '../../api/call.ts';
import { useAct, useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Confirm } from '../../frame/confirm.tsx';
import { Empty } from '../../frame/empty.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Moment } from '../../frame/moment.tsx';
import { Section } from '../../frame/page.tsx';
import { CreateToken } from './create-token.tsx';
import { Row, Rows, RowsWaiting } from '../../frame/rows.tsx';
import { ShownOnce } from './shown-once.tsx';

type Token = AnswerOf<'listTokens'>['data'][number];

export function Tokens(): ReactNode {
  const [making, setMaking] = useState(false);
  const [fresh, setFresh] = useState<{ name: string; token: string }>();
  const { data, error, refetch } = useOperation('listTokens');
  return (
    <Section title="Tokens" actions={<Button appearance="primary" icon={<Add20Regular />} onClick={() => setMaking(true)}>Create a token</Button>}>
      {fresh ? <ShownOnce title={`The token ${fresh.name}`} text={fresh.token} what={`token ${fresh.name}`}>Copy it now: it is stored nowhere and not shown again. It is an API key for every deployment of this project, and for managing it.</ShownOnce> : null}
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {!data && !error ? <RowsWaiting label="Loading tokens" /> : null}
      {data?.data.length === 0 ? <Empty title="This project has no tokens">A token lets a program manage the project and call all its deployments. For one deployment alone its endpoint keys are better.</Empty> : null}
      <Rows label="Tokens">{data?.data.map((token) => <TokenRow key={token.id} token={token} />)}</Rows>
      <CliLine line="npx modelkeep tokens list" />
      <CreateToken open={making} onClose={() => setMaking(false)} onCreated={(made) => { setFresh(made); setMaking(false); }} />
    </Section>
  );
}

function TokenRow({ token }: { token: Token }): ReactNode {
  const { id, name, hint, createdAt, expiresAt, revokedAt } = token;
  const [asking, setAsking] = useState(false);
  const revoke = useAct('revokeToken');
  const expired = expiresAt !== null && Date.parse(expiresAt) <= Date.now();
  return (
    <Row label={name} actions={revokedAt === null && !expired ? <Button aria-label={`Revoke ${name}`} onClick={() => setAsking(true)}>Revoke</Button> : <Badge appearance="outline" color="informative">{revokedAt === null ? 'Expired' : 'Revoked'}</Badge>}>
      <Text weight="semibold">{name}</Text>
      <Text size={200}>Begins {hint} · created <Moment at={createdAt} />{expiresAt === null ? ' · never expires' : <> · expires <Moment at={expiresAt} /></>}</Text>
      <Confirm open={asking} title={`Revoke ${name}`} action="Revoke" cli={`npx modelkeep tokens revoke ${name}`} pending={revoke.isPending} error={revoke.error} onClose={() => setAsking(false)} onConfirm={() => revoke.mutate({ params: { token: id } }, { onSuccess: () => setAsking(false) })}>
        <Text block>Whatever uses it is refused from its next request on. This cannot be taken back.</Text>
      </Confirm>
    </Row>
  );
}
