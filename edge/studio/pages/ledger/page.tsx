/** The ledger: every change, by whom, and the proof that none was changed afterwards. */
import { useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Field, Input, makeStyles, MessageBar, MessageBarActions, MessageBarBody, Select, Switch, Text, tokens } from '@fluentui/react-components';
import { ArrowDownload20Regular, Dismiss20Regular } from '@fluentui/react-icons';
import { canonicalBytes } from '../../../verify/document.ts';
import { call } from '../../api/call.ts';
import { CliLine } from '../../frame/code.tsx';
import { download } from '../../frame/download.ts';
import { Empty } from '../../frame/empty.tsx';
import { Failure } from '../../frame/failure.tsx';
import { count } from '../../frame/format.ts';
import { Page, Section } from '../../frame/page.tsx';
import { EntryDetail } from './entry-detail.tsx';
import { EntryList } from './entry-list.tsx';
import { useFilters } from './filters.ts';
import type { Filters } from './filters.ts';
import { kindInWords } from '../../ledger/kinds.ts';
import { useEntries } from './use-entries.ts';
import type { Answer } from './use-entries.ts';
import { WholeTree } from './whole-tree.tsx';

const useStyles = makeStyles({ filters: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, alignItems: 'flex-end' }, wide: { flex: '1 1 220px', minWidth: 0 }, facts: { minHeight: '20px', color: tokens.colorNeutralForeground2 } });
const intro = 'Every change of this installation is an entry: what, when, by whom. Entries are published as a tree whose root is signed, so that none can be changed or removed unseen. Names are only committed to; they are opened for you where they are your project\'s.';

export default function LedgerPage(): ReactNode {
  const filters = useFilters();
  return <Page title="Ledger" wide intro={intro} actions={<Bundle />}><WholeTree /><Explorer key={JSON.stringify(filters.query)} filters={filters} /></Page>;
}

function Explorer({ filters }: { filters: Filters }): ReactNode {
  const styles = useStyles();
  const { query, entry, set } = filters;
  const [{ from, to }, setRange] = useState({ from: 0, to: 40 });
  const entries = useEntries(query, from, to);
  const onRange = useCallback((first: number, last: number) => setRange({ from: first, to: last }), []);
  const hrefOf = (index: number): string => `/ledger?${new URLSearchParams([...Object.entries(query).flatMap(([name, value]) => (name === 'scope' && value !== 'project' ? [] : [[name, String(value)]])), ['entry', String(index)]]).toString()}`;
  const { newest, error, total, added } = entries;
  return (
    <Section title="Entries">
      <FilterBar filters={filters} kinds={newest?.kinds ?? []} />
      <Text role="status" className={styles.facts}>{newest ? `${count(total)} ${total === 1 ? 'entry' : 'entries'}${filters.filtered ? ' found' : ''}. The newest checkpoint covers ${count(newest.published)} of ${count(newest.size)} entries of the installation.` : ''}</Text>
      {error ? <Failure error={error} /> : null}
      {added > 0 ? <MessageBar><MessageBarBody>{added === 1 ? '1 new entry.' : `${count(added)} new entries.`}</MessageBarBody><MessageBarActions><Button onClick={entries.renew}>Show</Button></MessageBarActions></MessageBar> : null}
      {newest && total === 0 && newest.total === 0 ? <Empty title="No entries" action={filters.filtered ? <Button onClick={() => set({ kind: undefined, object: undefined, actor: undefined })}>Clear the filters</Button> : undefined}>{filters.filtered ? 'Nothing in the ledger fits these filters.' : 'Nothing has been changed in this project yet. Deploy a model or make a token: each is an entry at once.'}</Empty> : <EntryList entries={entries} chosen={entry} onRange={onRange} hrefOf={hrefOf} />}
      {entry === undefined ? null : <EntryDetail index={entry} scope={query.scope} onClose={() => set({ entry: undefined })} />}
      <CliLine label="The project's bundle" line="npx modelkeep ledger export -o bundle.json" />
      <CliLine label="These entries" line={['npx modelkeep ledger list', ...(query.kind === undefined ? [] : [`--kind ${query.kind}`]), ...(query.object === undefined ? [] : [`--object ${query.object}`]), ...(query.actor === undefined ? [] : [`--actor ${query.actor}`]), ...(query.scope === 'installation' ? ['--all'] : [])].join(' ')} />
    </Section>
  );
}

function FilterBar({ filters: { query, mayAll, filtered, set }, kinds }: { filters: Filters; kinds: Answer['kinds'] }): ReactNode {
  const styles = useStyles();
  const text = (name: 'object' | 'actor', label: string, hint: string): ReactNode => (
    <Field label={label} className={styles.wide}>
      <Input key={query[name] ?? ''} defaultValue={query[name] ?? ''} placeholder={hint} autoComplete="off" spellCheck={false} onBlur={({ currentTarget: { value } }) => { if (value !== (query[name] ?? '')) set({ [name]: value }); }} onKeyDown={({ key, currentTarget: { value } }) => { if (key === 'Enter') set({ [name]: value }); }} />
    </Field>
  );
  const known = query.kind === undefined || kinds.some(({ kind }) => kind === query.kind) ? kinds : [...kinds, { kind: query.kind, count: 0 }];
  return (
    <div className={styles.filters} role="search" aria-label="Filter entries">
      <Field label="Kind" className={styles.wide}>
        <Select value={query.kind ?? ''} onChange={(_event, { value }) => set({ kind: value })}>
          <option value="">All kinds</option>
          {known.map(({ kind, count: times }) => <option key={kind} value={kind}>{kindInWords(kind)} ({count(times)})</option>)}
        </Select>
      </Field>
      {text('object', 'Object', 'id, such as dep_…')}
      {text('actor', 'By', 'id of an account or credential')}
      {mayAll ? <Switch label="All projects" checked={query.scope === 'installation'} onChange={(_event, { checked }) => set({ scope: checked ? undefined : 'project' })} /> : null}
      {filtered ? <Button icon={<Dismiss20Regular />} onClick={() => set({ kind: undefined, object: undefined, actor: undefined })}>Clear</Button> : null}
    </div>
  );
}

/** The project's entries with all that proves and opens them, for somebody outside. */
function Bundle(): ReactNode {
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try { download('bundle.json', canonicalBytes(await call('exportBundle')), 'application/json'); } catch (failure) { setError(failure as Error); } finally { setBusy(false); }
  };
  return <>{error ? <Failure error={error} /> : null}<Button icon={<ArrowDownload20Regular />} disabled={busy} onClick={() => { void save(); }}>{busy ? 'Making the bundle' : 'Download the project\'s bundle'}</Button></>;
}
