import type { ReactNode } from 'react';
import { Field, makeStyles, MessageBar, MessageBarBody, MessageBarTitle, ProgressBar, Text, tokens } from '@fluentui/react-components';
import { CliLine } from '../../frame/code.tsx';
import { Facts } from '../../frame/facts.tsx';
import { bytes, count } from '../../frame/format.ts';
import { whyOf } from '../../deployments/failures.ts';
import { requirements } from '../../isolation/words.ts';
import { commandOf, needsPull } from './choice.ts';
import type { Choice } from './choice.ts';
import type { Pull } from './use-deploying.ts';

const useStyles = makeStyles({ part: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL }, list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL } });

export function ReviewStep({ choice }: { choice: Choice }): ReactNode {
  const styles = useStyles();
  const { model, name, engine, isolation, context, limits } = choice;
  const rate = (text: string): string => (Number(text) === 0 ? 'no limit' : count(Number(text)));
  return (
    <div className={styles.part}>
      <Facts facts={[
        ['Model', `${model.displayName}, version ${model.version}`], ['Name', name], ['Where it runs', engine === null ? 'On this machine, in an isolated worker' : `External engine ${engine}`],
        ['Isolation', requirements[engine === null ? isolation : 'operator-asserted'].title], ['Context', context === '' ? 'As is usual' : `${count(Number(context))} tokens a request`],
        ['Limits', `${rate(limits.requestsPerMinute)} for requests and ${rate(limits.tokensPerMinute)} for tokens a minute; ${count(Number(limits.concurrency))} requests at once, ${count(Number(limits.queue))} waiting`],
        ['Licence', model.licence],
      ]} />
      <div><Text weight="semibold">What will happen</Text><ol className={styles.list}>{steps(choice).map((step) => <li key={step}><Text>{step}</Text></li>)}</ol></div>
      <CliLine line={commandOf(choice)} />
    </div>
  );
}

function steps(choice: Choice): string[] {
  const { model, engine, isolation } = choice;
  const pull = needsPull(choice) ? [`The model is pulled from its source and checked against its digest${model.size === undefined ? '' : `: ${bytes(model.size)}`}. That goes on if you leave this page.`] : [];
  const run = engine === null ? `A worker is started and attacked from inside; ${isolation === 'required' ? 'unless every required guarantee holds, it does not serve' : 'what holds and what does not is shown'}. Then the model is loaded.` : 'Requests are passed on to the external engine.';
  return [...pull, 'Two keys are made and shown once.', run, 'The creation is entered in the ledger.'];
}

const words: Record<Pull['state'], string> = { queued: 'Waiting for other pulls', fetching: 'Fetching', verifying: 'Checking against the digest', converting: 'Converting for the engine', done: 'The model is here', failed: 'The pull failed' };

export function PullProgress({ pull, hint = 'You may leave this page: the pull goes on. Come back to deploy.' }: { pull: Pull; hint?: string }): ReactNode {
  const { state, receivedBytes, totalBytes, failure } = pull;
  if (state === 'failed') return <MessageBar intent="error" layout="multiline" role="alert"><MessageBarBody><MessageBarTitle>{whyOf(failure ?? 'unexpected')}</MessageBarTitle> Deploy again to go on with the pull from where it stopped. Code: <code>{failure ?? 'unexpected'}</code>.</MessageBarBody></MessageBar>;
  const known = state === 'fetching' && totalBytes !== null && totalBytes > 0;
  const amount = state === 'fetching' ? `: ${bytes(receivedBytes)}${totalBytes === null ? '' : ` of ${bytes(totalBytes)}`}` : '';
  return <Field label={`${words[state]}${amount}`} hint={hint}><ProgressBar {...(known ? { value: receivedBytes, max: totalBytes } : {})} /></Field>;
}
