/** The deployments to talk to, the parameters, and the conversations side by side. */
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Link as RouterLink, useSearchParams } from 'wouter';
import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Button, Dropdown, Field, Link, makeStyles, MessageBar, MessageBarBody, MessageBarTitle, Option, Switch, Text, tokens } from '@fluentui/react-components';
import { ArrowClockwise20Regular, Delete20Regular, Edit20Regular, Send20Regular, Stop20Regular } from '@fluentui/react-icons';
import type { AnswerOf } from '../../api/call.ts';
import { CliLine } from '../../frame/code.tsx';
import { Section } from '../../frame/page.tsx';
import { PrivateTextarea } from '../../frame/private-textarea.tsx';
import { KeyChoice } from '../../receipt/key-choice.tsx';
import { Embeddings } from './embeddings.tsx';
import { defaults, problems as problemsOf } from './parameters.ts';
import { ParametersPanel } from './parameters-panel.tsx';
import { Thread } from './thread.tsx';
import { useConversation } from './use-conversation.ts';
import type { Conversation } from './use-conversation.ts';

type Deployment = AnswerOf<'listDeployments'>['data'][number];
const useStyles = makeStyles({
  choice: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalL, alignItems: 'end' },
  columns: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 360px), 1fr))', gap: tokens.spacingHorizontalL, minWidth: 0, '& button, & a, & [tabindex]': { scrollMarginBottom: '240px' } },
  // It stays in sight where there is room for more than it; what is focused is scrolled from behind it.
  composer: { position: 'sticky', bottom: 0, zIndex: 1, '@media (max-width: 600px), (max-height: 600px)': { position: 'static' } },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' },
  quiet: { color: tokens.colorNeutralForeground2 },
  dropdown: { minWidth: '200px', maxWidth: '100%' },
});

/** Which deployments are talked to is public and stands in the address, so that it can be linked to and survives a reload; nothing that is said to them does. */
export function Playground({ deployments }: { deployments: readonly Deployment[] }): ReactNode {
  const styles = useStyles();
  const [search, setSearch] = useSearchParams();
  const [wanted, beside] = [search.get('deployment'), search.get('beside')];
  const chats = deployments.filter(({ task }) => task !== 'embeddings');
  const chosen = deployments.find(({ name }) => name === wanted) ?? (wanted === null ? chats[0] ?? deployments[0] : undefined);
  const others = chats.filter(({ name }) => name !== chosen?.name);
  const second = others.find(({ name }) => name === beside)?.name;
  const choose = (first: string | undefined, other: string | undefined): void => setSearch({ ...(first === undefined ? {} : { deployment: first }), ...(other === undefined || other === first ? {} : { beside: other }) }, { replace: true });
  return (
    <>
      <div className={styles.choice}>
        <Choice label="Deployment" value={chosen?.name ?? ''} options={deployments} onChoose={(name) => choose(name, second)} />
        {!chosen || chosen.task === 'embeddings' || others.length === 0 ? null : <Switch label="Beside another one" checked={second !== undefined} onChange={(_event, { checked }) => choose(chosen.name, checked ? others[0]?.name : undefined)} />}
        {second === undefined || chosen?.task === 'embeddings' ? null : <Choice label="Second deployment" value={second} options={others} onChoose={(name) => choose(chosen?.name, name)} />}
      </div>
      {chosen ? <StateNote deployments={deployments.filter(({ name }) => name === chosen.name || name === second)} /> : <MessageBar intent="warning"><MessageBarBody><MessageBarTitle>There is no deployment {wanted} in this project</MessageBarTitle> Choose another one above.</MessageBarBody></MessageBar>}
      {chosen?.task === 'embeddings' ? <Embeddings key={chosen.name} deployment={chosen.name} /> : null}
      {chosen && chosen.task !== 'embeddings' ? <Chat key={`${chosen.name} ${second ?? ''}`} names={second === undefined ? [chosen.name] : [chosen.name, second]} /> : null}
    </>
  );
}

function StateNote({ deployments }: { deployments: readonly Deployment[] }): ReactNode {
  return deployments.filter(({ state }) => state !== 'ready').map(({ name, state, failure }) => (
    <MessageBar key={name} intent={state === 'failed' ? 'error' : 'info'} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{name} {state === 'failed' ? 'has failed' : 'is starting'}</MessageBarTitle>
        {failure ? <> Code: <code>{failure}</code>.</> : ' It answers when its model is loaded.'} <RouterLink href={`/deployments/${name}`} asChild><Link inline>Its page</Link></RouterLink>
      </MessageBarBody>
    </MessageBar>
  ));
}

function Choice({ label, value, options, onChoose }: { label: string; value: string; options: readonly Deployment[]; onChoose: (name: string) => void }): ReactNode {
  const styles = useStyles();
  return (
    <Field label={label}>
      <Dropdown className={styles.dropdown} value={value} selectedOptions={[value]} onOptionSelect={(_event, { optionValue }) => { if (optionValue !== undefined) onChoose(optionValue); }}>
        {options.map(({ name, model, state }) => <Option key={name} value={name} text={name}>{`${name} (${model}, ${state})`}</Option>)}
      </Dropdown>
    </Field>
  );
}

function Chat({ names }: { names: readonly string[] }): ReactNode {
  const styles = useStyles();
  const conversations = [useConversation(names[0] ?? ''), useConversation(names[1] ?? '')].slice(0, names.length);
  const [parameters, setParameters] = useState(defaults);
  const [markdown, setMarkdown] = useState(false);
  const problems = problemsOf(parameters);
  const each = (act: (conversation: Conversation) => void): void => conversations.forEach(act);
  const busy = conversations.some((conversation) => conversation.busy);
  return (
    <>
      <Section label="Parameters">
        <Accordion collapsible multiple>
          <AccordionItem value="parameters"><AccordionHeader>Parameters and system message</AccordionHeader><AccordionPanel><ParametersPanel value={parameters} problems={problems} onChange={setParameters} /></AccordionPanel></AccordionItem>
          <AccordionItem value="key"><AccordionHeader>Key that receipts are checked with</AccordionHeader><AccordionPanel><KeyChoice /></AccordionPanel></AccordionItem>
        </Accordion>
        <Switch label="Show answers as Markdown" checked={markdown} onChange={(_event, { checked }) => setMarkdown(checked)} />
      </Section>
      <div className={styles.columns}>
        {conversations.map(({ turns, checkAgain }, i) => (
          <Section key={names[i]} title={names.length > 1 ? names[i] : undefined} label={`Conversation with ${names[i] ?? ''}`}>
            {turns.length === 0 ? <Text className={styles.quiet}>Ask something. Every answer comes with a signed receipt that this browser checks against the bytes it sent and received.</Text> : <Thread turns={turns} label={`Turns with ${names[i] ?? ''}`} markdown={markdown} onCheckAgain={checkAgain} />}
          </Section>
        ))}
      </div>
      <Composer busy={busy} empty={conversations[0]?.turns.length === 0} invalid={Object.keys(problems).length > 0}
        onAsk={(question) => each(({ ask }) => ask(question, parameters))} onRetry={() => each(({ retry }) => retry(parameters))} onStop={() => each(({ stop }) => stop())}
        onClear={() => each(({ clear }) => clear())} onEdit={() => conversations.map(({ takeBack }) => takeBack())[0] ?? ''} />
      <CliLine line={`npx modelkeep chat ${names[0] ?? ''}`} />
    </>
  );
}

interface Composed { busy: boolean; empty: boolean; invalid: boolean; onAsk: (question: string) => void; onRetry: () => void; onStop: () => void; onClear: () => void; onEdit: () => string }
function Composer({ busy, empty, invalid, onAsk, onRetry, onStop, onClear, onEdit }: Composed): ReactNode {
  const styles = useStyles();
  const [text, setText] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const send = (): void => { if (text.trim() !== '' && !busy && !invalid) { onAsk(text); setText(''); } };
  return (
    <div className={styles.composer}>
      <Section label="Message">
        <form onSubmit={(event) => { event.preventDefault(); send(); }} autoComplete="off">
          <Field label="Message" hint="Enter sends, Shift and Enter begins a new line">
            <PrivateTextarea box={box} value={text} onText={setText}
              onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) { event.preventDefault(); send(); } }} />
          </Field>
          <div className={styles.buttons} style={{ marginTop: 8 }}>
            {busy ? <Button appearance="primary" icon={<Stop20Regular />} onClick={onStop}>Stop</Button> : <Button appearance="primary" type="submit" icon={<Send20Regular />} disabledFocusable={text.trim() === '' || invalid}>Send</Button>}
            <Button icon={<ArrowClockwise20Regular />} disabled={busy || empty} onClick={onRetry}>Ask again</Button>
            <Button icon={<Edit20Regular />} disabled={busy || empty} onClick={() => { setText(onEdit()); box.current?.focus(); }}>Edit the last question</Button>
            <Button icon={<Delete20Regular />} disabled={empty} onClick={onClear}>Clear</Button>
            <Text size={200} className={styles.quiet}>Nothing of this conversation is kept. Closing the tab deletes it. <RouterLink href="/promises#P2" asChild><Link inline>What keeps this promise</Link></RouterLink></Text>
          </div>
        </form>
      </Section>
    </div>
  );
}
