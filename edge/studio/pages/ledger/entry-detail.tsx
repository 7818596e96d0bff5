/** One entry: what it says, what it keeps sealed, and whether the published ledger has exactly that, checked here. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'wouter';
import { Button, Drawer, DrawerBody, DrawerHeader, DrawerHeaderTitle, makeStyles, MessageBar, MessageBarBody, Spinner, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { Dismiss20Regular } from '@fluentui/react-icons';
import type { Verdict } from '../../../verify/checks.ts';
import { verifyEntry } from '../../../verify/verify-entry.ts';
import { useOperation } from '../../api/use-operation.ts';
import { CliLine, Code } from '../../frame/code.tsx';
import { Digest } from '../../frame/digest.tsx';
import { Facts } from '../../frame/facts.tsx';
import { Failure } from '../../frame/failure.tsx';
import { count, time } from '../../frame/format.ts';
import { CheckList } from '../../receipt/check-list.tsx';
import { ledgerKey, useKeptKey } from '../../receipt/ledger-key.ts';
import { actorInWords } from '../../ledger/actors.ts';
import { kindInWords } from '../../ledger/kinds.ts';
import { cannotCheck, newestNote, readerOf, sizeIn } from '../../ledger/published.ts';
import type { Query } from './filters.ts';
import type { Entry } from './use-entries.ts';

const useStyles = makeStyles({ drawer: { width: 'min(640px, 100vw)' }, body: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL, paddingBottom: tokens.spacingVerticalXXL }, part: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, minWidth: 0 }, link: { color: tokens.colorBrandForegroundLink }, quiet: { color: tokens.colorNeutralForeground2 } });

export function EntryDetail({ index, scope, onClose }: { index: number; scope: Query['scope']; onClose: () => void }): ReactNode {
  const styles = useStyles();
  const { data, error, refetch } = useOperation('listLedgerEntries', { query: { before: index + 1, limit: 1, scope } });
  const entry = data?.data.find((each) => each.index === index);
  return (
    <Drawer type="overlay" position="end" open className={styles.drawer} aria-label={`Entry ${index}`} onOpenChange={(_event, { open }) => { if (!open) onClose(); }}>
      <DrawerHeader><DrawerHeaderTitle action={<Button appearance="subtle" aria-label="Close" icon={<Dismiss20Regular />} onClick={onClose} />}>Entry {count(index)}</DrawerHeaderTitle></DrawerHeader>
      <DrawerBody>
        <div className={styles.body}>
          {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
          {!data && !error ? <Spinner label="Reading the entry" /> : null}
          {data && !entry ? <Text>It is not an entry that you may read: it belongs to another project, or does not exist. That the ledger has it can be checked by anyone all the same.</Text> : null}
          {entry ? <About entry={entry} /> : null}
          {data ? <Proof key={index} index={index} entry={entry} /> : null}
          <CliLine line={entry ? `npx modelkeep ledger list --object ${entry.object}` : `npx modelkeep ledger list --before ${index + 1} --limit 1`} />
        </div>
      </DrawerBody>
    </Drawer>
  );
}

function About({ entry }: { entry: Entry }): ReactNode {
  const styles = useStyles();
  const { kind, at, object, project, actor, facts, opening } = entry;
  const rows = (of: Entry['facts']): [string, ReactNode][] => Object.entries(of).map(([name, value]) => [name, String(value)]);
  const sealed = rows(opening.facts);
  return (
    <>
      <Facts facts={[
        ['What', <>{kindInWords(kind)} <code key="kind">{kind}</code></>], ['When', time(at)], ['Object', <><Digest value={object} what="id of the object" /> <RouterLink className={styles.link} href={`/ledger?object=${encodeURIComponent(object)}`}>All entries about it</RouterLink></>],
        ['Project', project === null ? undefined : <Digest value={project} what="id of the project" />],
        ['By', <>{actor.name ?? actorInWords(actor)} <Digest value={actor.id} what="id of who did it" /> <RouterLink className={styles.link} href={`/ledger?actor=${encodeURIComponent(actor.id)}`}>All entries by it</RouterLink></>],
      ]} />
      {kind.endsWith('.deleted') ? <RouterLink className={styles.link} href={`/deletions/${object}`}>The certificate of this deletion</RouterLink> : null}
      {Object.keys(facts).length > 0 ? <div className={styles.part}><Subtitle2 as="h3">Published facts</Subtitle2><Facts facts={rows(facts)} /></div> : null}
      {sealed.length > 0 ? <div className={styles.part}><Subtitle2 as="h3">Sealed facts, opened for you</Subtitle2><Text size={200} className={styles.quiet}>The published entry only commits to them.</Text><Facts facts={sealed} /></div> : null}
    </>
  );
}

/** Asked of the published ledger alone: the answer of the API is what is compared. */
function Proof({ index, entry }: { index: number; entry: Entry | undefined }): ReactNode {
  const styles = useStyles();
  const kept = useKeptKey();
  const { data, error, refetch, isFetching } = useQuery<(Verdict & { entry?: string }) | null>({
    queryKey: ['ledger entry proof', index, entry?.at ?? null, kept ?? null], enabled: cannotCheck === undefined, refetchInterval: (query) => (query.state.data === null ? 1500 : false),
    queryFn: async ({ signal }) => await proofOf(index, entry, signal),
  });
  const [slow, setSlow] = useState(false);
  useEffect(() => { const timer = setTimeout(() => setSlow(true), 300); return () => clearTimeout(timer); }, []);
  return (
    <div className={styles.part}>
      <Subtitle2 as="h3">Proof</Subtitle2>
      {cannotCheck === undefined ? null : <Text>{cannotCheck}</Text>}
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {data === null ? <Text role="status">It is not in a published checkpoint yet. That takes a second or two.</Text> : null}
      {!data && isFetching && slow ? <Spinner size="small" label="Checking it against the published ledger" labelPosition="after" /> : null}
      {data ? <Found verdict={data} /> : null}
    </div>
  );
}

function Found({ verdict }: { verdict: Verdict & { entry?: string } }): ReactNode {
  const styles = useStyles();
  return (
    <>
      <MessageBar intent={verdict.passed ? 'success' : 'error'} role={verdict.passed ? 'status' : 'alert'}><MessageBarBody>{verdict.passed ? 'Proved: the published ledger has exactly this entry at this place.' : 'Not proved.'}</MessageBarBody></MessageBar>
      <CheckList checks={verdict.checks} label="Checks of the entry" />
      {verdict.entry === undefined ? null : <div className={styles.part}><Text size={200} className={styles.quiet}>As it is published, byte for byte</Text><Code what="published entry" text={verdict.entry} /></div>}
    </>
  );
}

/** Null while no checkpoint covers it. */
async function proofOf(index: number, entry: Entry | undefined, signal: AbortSignal): Promise<(Verdict & { entry?: string }) | null> {
  const [{ text: key }, checkpoint] = await Promise.all([ledgerKey(), newestNote(signal)]);
  if (!checkpoint || sizeIn(checkpoint) <= index) return null;
  const shown = entry && { at: entry.at, kind: entry.kind, object: entry.object, project: entry.project, actor: { kind: entry.actor.kind, id: entry.actor.id }, facts: entry.facts };
  return await verifyEntry({ key, checkpoint, index, shown, opening: entry?.opening }, readerOf(signal));
}
