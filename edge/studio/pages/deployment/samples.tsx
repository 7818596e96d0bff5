import { useState } from 'react';
import type { ReactNode } from 'react';
import { makeStyles, MessageBar, MessageBarBody, Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { keyOf } from '../../deployments/new-keys.ts';
import type { Deployment } from '../../deployments/state.tsx';
import { CliLine, Code } from '../../frame/code.tsx';
import { Section } from '../../frame/page.tsx';
import { authorityHints, placeholder, samplesOf } from '../../samples/samples.ts';
import type { Sample } from '../../samples/samples.ts';

const useStyles = makeStyles({
  tabs: { flexWrap: 'wrap' }, panel: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, minWidth: 0 },
  // The longest sample fits, so that nothing moves when another is chosen.
  code: { minHeight: '300px' },
});

export function Samples({ deployment }: { deployment: Deployment }): ReactNode {
  const styles = useStyles();
  const [chosen, setChosen] = useState<Sample['id']>('curl');
  const key = keyOf(deployment.id);
  const samples = samplesOf(deployment, key);
  const sample = samples.find(({ id }) => id === chosen) ?? samples[0];
  if (!sample) return null;
  return (
    <Section title="Call it from a program">
      <Text>{key === undefined ? <>Put one of the two keys where <code>{placeholder}</code> stands. What the SDKs of OpenAI and Azure send, this endpoint takes unchanged.</> : 'With the key that was made just now. It stands here until this page is closed or loaded again.'}</Text>
      <TabList className={styles.tabs} selectedValue={sample.id} onTabSelect={(_event, { value }) => setChosen(value as Sample['id'])} aria-label="Client">
        {samples.map(({ id, title }) => <Tab key={id} value={id} id={`sample-${id}`} aria-controls="sample">{title}</Tab>)}
      </TabList>
      <div id="sample" role="tabpanel" aria-labelledby={`sample-${sample.id}`} className={styles.panel}>
        {sample.install === null ? null : <CliLine line={sample.install} label="Needs" />}
        <Code className={styles.code} text={sample.code} what={`${sample.title} sample`} />
        {deployment.baseUrl.startsWith('https:') ? <Authority sample={sample} /> : null}
      </div>
    </Section>
  );
}

function Authority({ sample }: { sample: Sample }): ReactNode {
  return (
    <MessageBar layout="multiline"><MessageBarBody>
      Where this installation has a certificate of its own authority, clients must be told of it: <code>{authorityHints[sample.runs]}</code>. The file <code>ca.pem</code> lies in the data folder; <code>modelkeep config</code> says where. Certificates of a public authority need nothing.
    </MessageBarBody></MessageBar>
  );
}
