/** What a receipt proves, and what it cannot. */
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { Link, makeStyles, Text, tokens } from '@fluentui/react-components';
import { Section } from '../../frame/page.tsx';

const useStyles = makeStyles({
  columns: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 320px), 1fr))', gap: tokens.spacingHorizontalL },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL, display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS },
});
const proves = [
  'The gateway of this installation, whose key the ledger certifies, signed these statements about this request and cannot take them back or change them unseen.',
  'With the bytes: exactly these were received and returned, none more and none less.',
  'Which model version, engine and isolation profile it names, where it ran, what it counted, and who was given anything.',
  'On whose word each statement stands: what was found by a probe, what the operator says.',
];
const provesNot = [
  'That the program which signed is the published one. That takes hardware that attests it; no statement here claims it.',
  'That nobody copied the bytes outside of Modelkeep: on your own machine, or at an external engine, whose profile then says "operator asserted".',
  'That the answer is right.',
  'Anything of other requests: what is opened is this one alone.',
];

export function Meaning(): ReactNode {
  const styles = useStyles();
  const items = (list: readonly string[]): ReactNode => <ul className={styles.list}>{list.map((each) => <li key={each}><Text>{each}</Text></li>)}</ul>;
  return (
    <div className={styles.columns}>
      <Section title="What a receipt proves">{items(proves)}</Section>
      <Section title="What it does not prove">{items(provesNot)}<Text>How each promise is kept, and what is not covered, stands under <RouterLink href="/promises" asChild><Link inline>Promises</Link></RouterLink>.</Text></Section>
    </div>
  );
}
