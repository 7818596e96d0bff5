import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { makeStyles, tokens } from '@fluentui/react-components';
import type { Deployment } from '../../deployments/state.tsx';
import { Code } from '../../frame/code.tsx';
import { Digest } from '../../frame/digest.tsx';
import { Facts } from '../../frame/facts.tsx';
import { count } from '../../frame/format.ts';
import { Moment } from '../../frame/moment.tsx';
import { Section } from '../../frame/page.tsx';
import { requirements, summary } from '../../isolation/words.ts';

const useStyles = makeStyles({ link: { color: tokens.colorBrandForegroundLink } });

export function Overview({ deployment }: { deployment: Deployment }): ReactNode {
  const styles = useStyles();
  const { name, model, modelVersion, modelDigest, artifactDigest, engine, baseUrl, region, geography, isolation, isolationRequirement, contextLength, createdAt } = deployment;
  return (
    <Section title="Endpoint">
      <Facts facts={[
        ['Base URL', <Code key="url" text={baseUrl} what="base URL" />],
        ['Model name for SDKs', <Code key="name" text={name} what="model name" />],
        ['Model', <span key="model"><RouterLink className={styles.link} href={`/catalog/${model}`}>{model}</RouterLink> {modelVersion}</span>],
        ['Model digest', <Digest key="digest" value={modelDigest} what="model digest" />],
        ['File digest', artifactDigest === null ? 'Of the external engine' : <Digest key="file" value={artifactDigest} what="file digest" />],
        ['Engine', engine === null ? 'On this machine' : `External: ${engine}`],
        ['Context', contextLength === null ? 'As the engine has it' : `${count(contextLength)} tokens a request`],
        ['Isolation', `${requirements[isolationRequirement].title}: ${summary(isolation)}`],
        ['Region', `${region}, geography ${geography}`],
        ['Prompts and answers', 'In memory for one request. Nothing is kept.'],
        ['Created', <Moment key="at" at={createdAt} />],
      ]} />
    </Section>
  );
}
