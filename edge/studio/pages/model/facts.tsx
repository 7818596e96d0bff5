/** What is stated of a model: by its publisher, and by the bytes that came. */
import type { ReactNode } from 'react';
import { Badge, Link, makeStyles, Text, tokens } from '@fluentui/react-components';
import { Link as RouterLink } from 'wouter';
import { Code } from '../../frame/code.tsx';
import { Digest } from '../../frame/digest.tsx';
import { Facts } from '../../frame/facts.tsx';
import { bytes, count } from '../../frame/format.ts';
import { Moment } from '../../frame/moment.tsx';
import { OutsideLink } from '../../frame/outside-link.tsx';
import { Section } from '../../frame/page.tsx';
import { contextOf, formatOf, languagesOf, parametersOf, sizeOf, taskNames } from '../../models/words.ts';
import type { ModelDetail } from '../../models/words.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  item: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS, minWidth: 0, overflowWrap: 'anywhere' },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalM }, quiet: { color: tokens.colorNeutralForeground2 },
});
const yes = (value: boolean): string => (value ? 'yes' : 'no');

export function ModelFacts({ model }: { model: ModelDetail }): ReactNode {
  const { manifest } = model;
  const licence = manifest.licenceUrl ?? (model.licence.startsWith('LicenseRef-') ? undefined : `https://spdx.org/licenses/${encodeURIComponent(model.licence)}.html`);
  return (
    <Section title="Facts">
      <Facts facts={[
        ['Publisher', <bdi key="p">{model.publisher}</bdi>], ['Task', taskNames[model.task]], ['Licence', <OutsideLink key="l" href={licence}>{model.licence}</OutsideLink>],
        ['Parameters', model.parameters === undefined ? 'not stated' : `${parametersOf(model.parameters)} (${count(model.parameters)})`], ['Context', contextOf(model.contextLength)],
        ['Embedding length', manifest.embeddingLength === undefined ? undefined : count(manifest.embeddingLength)], ['Languages', languagesOf(manifest.languages)], ['Format', formatOf(model)],
        ['Size', model.artifactSize === null ? sizeOf(model) : bytes(model.artifactSize)], ['Calls tools', yes(manifest.capabilities.tools)], ['Answers by JSON schema', yes(manifest.capabilities.jsonSchema)],
        ['Log probabilities', yes(manifest.capabilities.logprobs)], ['Keeps of requests', model.retention === 'none' ? 'nothing' : model.retention], ['Homepage', manifest.homepage === undefined ? undefined : <OutsideLink key="h" href={manifest.homepage}>{manifest.homepage}</OutsideLink>],
      ]} />
    </Section>
  );
}

export function Provenance({ model }: { model: ModelDetail }): ReactNode {
  const styles = useStyles();
  return (
    <Section title="Provenance">
      <Facts facts={[
        ['Version', model.version], ['Digest of the manifest', <Digest key="d" value={model.digest} what="digest of the manifest" />],
        ['Digest of the file', model.artifactDigest === null ? 'known when it is pulled' : <Digest key="a" value={model.artifactDigest} what="digest of the file" />],
        ['Pinned', model.pinned === null ? (model.manifest.files.every(({ sha256 }) => sha256 !== undefined) ? 'by the manifest, before anything is fetched' : 'by its first pull: the manifest names no digest for every file') : model.pinned === 'manifest' ? 'by the manifest, before anything was fetched' : 'by its first pull'],
        ['Imported', <span key="i"><Moment at={model.importedAt} /> by {model.importedBy}</span>],
      ]} />
      <ul className={styles.list} aria-label="Files">
        {model.manifest.files.map((file) => (
          <li key={file.role} className={styles.item}>
            <Text weight="semibold">{file.role}{file.size === undefined ? '' : `, ${bytes(file.size)}`}</Text>
            <Text>From <SourceOf source={file.source} /></Text>
            {file.sha256 === undefined ? <Text className={styles.quiet}>No digest in the manifest</Text> : <Digest value={`sha256:${file.sha256}`} what={`digest of the ${file.role}`} />}
          </li>
        ))}
      </ul>
      {model.manifest.files.length === 0 ? <Text>The manifest names no file: an external engine has it.</Text> : null}
    </Section>
  );
}

function SourceOf({ source }: { source: ModelDetail['manifest']['files'][number]['source'] }): ReactNode {
  switch (source.type) {
    case 'huggingface': return <>the operator&apos;s Hugging Face endpoint: {source.repository}, revision <code>{source.revision}</code>, {source.path}</>;
    case 'pypi': return <>the Python wheel {source.package} {source.version}: {source.member}</>;
    case 'https': return <OutsideLink href={source.url}>{source.url}</OutsideLink>;
    case 'file': return <>a file of the server&apos;s machine: <code>{source.path}</code></>;
  }
}

export function Versions({ model }: { model: ModelDetail }): ReactNode {
  const styles = useStyles();
  return (
    <Section title="Versions">
      <ul className={styles.list} aria-label="Versions">
        {model.versions.map(({ version, digest, importedAt }, i) => (
          <li key={version} className={styles.item}>
            <div className={styles.line}>
              <RouterLink href={`/catalog/${encodeURIComponent(model.name)}${i === 0 ? '' : `?version=${encodeURIComponent(version)}`}`} asChild><Link {...(version === model.version ? { 'aria-current': 'true' as const } : {})}>{version}</Link></RouterLink>
              {i === 0 ? <Badge appearance="outline">newest</Badge> : null}{version === model.version ? <Badge appearance="tint">shown here</Badge> : null}
              <Text className={styles.quiet}>imported <Moment at={importedAt} /></Text>
            </div>
            <Digest value={digest} what={`digest of version ${version}`} />
          </li>
        ))}
      </ul>
      <Text size={200} className={styles.quiet}>A version never changes: its digest is that of its manifest.</Text>
      <Code what="command" text={`npx modelkeep models show ${model.name} --version ${model.version}`} />
    </Section>
  );
}
