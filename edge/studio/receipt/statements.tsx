/** What a receipt states, as facts that a compliance officer reads. */
import type { ReactNode } from 'react';
import { Text } from '@fluentui/react-components';
import type { Receipt } from '#contract/receipt.ts';
import { Digest } from '../frame/digest.tsx';
import { Facts } from '../frame/facts.tsx';
import { count, time } from '../frame/format.ts';

const sources = { hardware_proven: 'proven by hardware', verifier_derived: 'found by Modelkeep itself', provider_asserted: 'said by the provider', operator_asserted: 'said by the operator' } as const;
const parties = { gateway: 'Gateway', control: 'Control', worker: 'Worker', external_engine: 'External engine' } as const;

export function Statements({ receipt }: { receipt: Receipt }): ReactNode {
  const { filter, isolation, usage } = receipt;
  return (
    <Facts facts={[
      ['Request', <Digest key="id" value={receipt.receipt_id} what="request id" />],
      ['Answered', time(new Date(receipt.served_at * 1000).toISOString())],
      ['Outcome', `${receipt.outcome} (${receipt.status}${receipt.code === null ? '' : `, ${receipt.code}`})`],
      ['Kept of it', receipt.retention === 'none' ? 'Nothing: retention "none"' : 'The file, sealed: retention "sealed"'],
      ['Place', `Region ${receipt.region}, geography ${receipt.geography}`],
      ['Model', receipt.model_digest === null ? null : <Digest key="model" value={receipt.model_digest} what="model digest" />],
      ['Engine', receipt.engine === null ? null : <>{receipt.engine.kind} {receipt.engine.digest === null ? '' : <Digest value={receipt.engine.digest} what="engine digest" />}</>],
      ['Isolation', isolation === null ? null : <>{isolation.tier}, profile <Digest value={isolation.profile_digest} what="isolation profile digest" /></>],
      ['Cache', receipt.cache_scope === 'project' ? 'Shared within the project, never with another' : 'None'],
      ['Screened', filter.verdict === 'not_screened' ? 'Not screened: no content filter is configured' : `${filter.verdict} by ${filter.name} ${filter.version ?? ''}`],
      ['Tokens', `${count(usage.prompt_tokens)} in (${count(usage.cached_tokens)} from the cache), ${count(usage.output_tokens)} out`],
      ['Who received what', <ul key="parties" style={{ margin: 0, paddingInlineStart: 16 }}>{receipt.parties.map(({ party, received }) => <li key={party}>{parties[party]}: {received.join(', ')}</li>)}</ul>],
      ['Who says so', <ul key="claims" style={{ margin: 0, paddingInlineStart: 16 }}>{receipt.claims.map(({ claim, status, source }) => <li key={claim}><Text>{claim.replaceAll('_', ' ')}: {status}, {sources[source]}</Text></li>)}</ul>],
    ]} />
  );
}
