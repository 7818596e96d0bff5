import type { ReactNode } from 'react';
import { makeStyles, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components';
import type { Deployment } from '../../deployments/state.tsx';
import { CliLine } from '../../frame/code.tsx';
import { Facts } from '../../frame/facts.tsx';
import { time } from '../../frame/format.ts';
import { Moment } from '../../frame/moment.tsx';
import { Section } from '../../frame/page.tsx';
import { StateBadge } from '../../frame/state-badge.tsx';
import { claims, guarantees, mechanisms, requirements, statuses, summary, tiers } from '../../isolation/words.ts';

type Profile = NonNullable<Deployment['isolation']>;
type Finding = Profile['findings'][number];
const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 400px), 1fr))', gap: tokens.spacingHorizontalM },
  finding: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS, padding: tokens.spacingHorizontalM, borderRadius: tokens.borderRadiusMedium, border: `1px solid ${tokens.colorNeutralStroke2}` },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', justifyContent: 'space-between', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
});
const looks = { enforced: 'good', not_enforced: 'bad', unverified: 'attention' } as const;

/** What this deployment keeps apart, and how that is known. */
export function Isolation({ deployment: { name, isolation, isolationRequirement } }: { deployment: Deployment }): ReactNode {
  const styles = useStyles();
  const asked = requirements[isolationRequirement];
  return (
    <Section title="Isolation profile">
      <Facts facts={[
        ['Asked for', `${asked.title}. ${asked.means}`], ['Found', summary(isolation)],
        ['Where it runs', isolation === null ? null : tiers[isolation.tier]], ['How that is known', isolation === null ? null : claims[isolation.claim]],
        ['Probed', isolation?.findings[0] ? <Moment key="at" at={isolation.findings[0].probedAt} /> : null],
      ]} />
      {isolation === null ? <MessageBar><MessageBarBody>The place where the model will run is attacked from inside before the model is loaded. What that finds stands here.</MessageBarBody></MessageBar> : null}
      {isolation?.claim === 'operator_asserted' ? <MessageBar intent="warning" layout="multiline"><MessageBarBody>Prompts of this deployment leave for an external engine. No guarantee below is Modelkeep's: ask the operator for theirs.</MessageBarBody></MessageBar> : null}
      {isolation && isolation.findings.length > 0 ? <ul className={styles.list} aria-label="Guarantees">{isolation.findings.map((finding) => <Guarantee key={finding.guarantee} finding={finding} />)}</ul> : null}
      <CliLine line={`npx modelkeep deployments show ${name} --json`} label="The same as a document" />
    </Section>
  );
}

function Guarantee({ finding: { guarantee, status, mechanisms: by, required, probedAt } }: { finding: Finding }): ReactNode {
  const styles = useStyles();
  const { title, means } = guarantees[guarantee];
  const carried = [...new Set(by.map((mechanism) => mechanisms[mechanism]))].join('; ');
  return (
    <li className={styles.finding}>
      <div className={styles.head}><Text weight="semibold">{title}</Text><StateBadge look={looks[status]}>{statuses[status]}</StateBadge></div>
      <Text>{means}</Text>
      <Text size={200} className={styles.quiet}>{carried === '' ? 'Nothing carries it on this machine.' : `By ${carried}.`} {verdict(status, required)} Probed {time(probedAt)}.</Text>
    </li>
  );
}

function verdict(status: Finding['status'], required: boolean): string {
  if (status === 'enforced') return required ? 'Required, and held under attack.' : 'Not required, and held under attack.';
  if (status === 'unverified') return 'No attack could be tried, so it is not counted.';
  return required ? 'Isolation "required" would refuse to run without it.' : 'Not required: other guarantees cover what it is for.';
}
