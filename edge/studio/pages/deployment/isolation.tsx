/** The isolation profile: each guarantee, what carries it, and what the attack from inside found. */
import type { ReactNode } from 'react';
import { makeStyles, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text, tokens } from '@fluentui/react-components';
import type { Finding, Guarantee, IsolationProfile } from '#contract/internal/isolation-profile.ts';
import { CliLine } from '../../frame/code.tsx';
import { Moment } from '../../frame/moment.tsx';
import { Section } from '../../frame/page.tsx';
import { StateBadge } from '../../frame/state-badge.tsx';
import { isolationInShort } from './state.tsx';

const guarantees: Record<Guarantee, [name: string, means: string]> = {
  no_network: ['No network', 'The worker cannot reach any other machine, so a prompt cannot leave by it.'],
  no_sockets: ['No sockets', 'It cannot open a connection of any kind but the one it was given.'],
  no_new_processes: ['No new processes', 'It cannot start another program or thread of control.'],
  no_foreign_program: ['No foreign program', 'It cannot load a program that is not the engine.'],
  no_writable_disk: ['No writable disk', 'There is nowhere it could leave what it saw.'],
  no_foreign_files: ['No foreign files', 'It reads the engine and its model, and no other file.'],
  no_foreign_processes: ['No foreign processes', 'It cannot see or touch any other process.'],
  no_kernel_attack_surface: ['Small kernel surface', 'System calls that it does not need are refused.'],
  no_core_dump: ['No core dump', 'A crash leaves nothing of its memory on disk.'],
  memory_limit: ['Memory limit', 'It cannot take the memory of others.'],
  process_limit: ['Process limit', 'The number of its threads is bounded.'],
  own_uid: ['User of its own', 'It runs as a user that owns nothing.'],
  no_environment: ['Bare environment', 'It was given no settings or secrets of its parent.'],
};
const statuses = { enforced: ['good', 'Enforced'], not_enforced: ['bad', 'Not enforced'], unverified: ['attention', 'Unverified'] } as const;
const tiers = { bubblewrap: 'bubblewrap', launcher: 'the built-in launcher', none: 'nothing that this machine offers', external: 'an external engine' } as const;
const useStyles = makeStyles({ scroll: { overflowX: 'auto' }, table: { minWidth: '640px' }, what: { display: 'flex', flexDirection: 'column', paddingBlock: tokens.spacingVerticalXS }, quiet: { color: tokens.colorNeutralForeground2 } });

export function Isolation({ profile, deployment }: { profile: IsolationProfile | null; deployment: string }): ReactNode {
  const styles = useStyles();
  return (
    <Section title="Isolation profile">
      <Text className={styles.quiet}>{profile ? <>{isolationInShort(profile)}, by {tiers[profile.tier]}. {profile.claim === 'verifier_derived' ? 'Before the model was loaded, attacks were tried from inside the worker; this is what they found.' : 'Nothing was probed: this repeats what the operator says of the engine.'}</> : 'The worker has not been started yet; it is probed when it does.'}</Text>
      {profile && profile.findings.length > 0 ? (
        <div className={styles.scroll} role="region" aria-label="Guarantees" tabIndex={0}>
          <Table size="small" className={styles.table} aria-label="Isolation guarantees">
            <TableHeader><TableRow><TableHeaderCell style={{ width: '45%' }}>Guarantee</TableHeaderCell><TableHeaderCell>Found</TableHeaderCell><TableHeaderCell>Carried by</TableHeaderCell><TableHeaderCell>Probed</TableHeaderCell></TableRow></TableHeader>
            <TableBody>{profile.findings.map((finding) => <Row key={finding.guarantee} finding={finding} />)}</TableBody>
          </Table>
        </div>
      ) : null}
      <CliLine line={`npx modelkeep deployments show ${deployment}`} />
    </Section>
  );
}

function Row({ finding: { guarantee, status, mechanisms, required, probedAt } }: { finding: Finding }): ReactNode {
  const styles = useStyles();
  const [name, means] = guarantees[guarantee];
  const [look, word] = statuses[status];
  return (
    <TableRow>
      <TableCell><span className={styles.what}><Text weight="semibold">{name}{required ? '' : ' (not required)'}</Text><Text size={200} className={styles.quiet}>{means}</Text></span></TableCell>
      <TableCell><StateBadge look={look}>{word}</StateBadge></TableCell>
      <TableCell><Text size={200}>{mechanisms.map((each) => each.replaceAll('_', ' ')).join(', ')}</Text></TableCell>
      <TableCell><Text size={200}><Moment at={probedAt} /></Text></TableCell>
    </TableRow>
  );
}
