import { useState } from 'react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { MessageBar, MessageBarBody, Skeleton, SkeletonItem } from '@fluentui/react-components';
import { may, useSignedIn } from '../../api/session.ts';
import { useOperation } from '../../api/use-operation.ts';
import { Failure } from '../../frame/failure.tsx';
import { Page, Section } from '../../frame/page.tsx';
import type { Engine } from './choice.ts';
import { ModelChoice, mostOffered } from './model-step.tsx';
import type { Offered } from './model-step.tsx';
import { Wizard } from './wizard.tsx';

export default function DeployPage(): ReactNode {
  const session = useSignedIn();
  const intro = 'A serverless API: the model becomes an endpoint with two keys that SDKs of OpenAI and Azure use unchanged.';
  const content = may(session, 'member') ? <Chosen /> : <MessageBar intent="warning"><MessageBarBody>Members of the project may deploy. Ask an administrator of project {session.project} for that role.</MessageBarBody></MessageBar>;
  return <Page title="Deploy a model" intro={intro}>{content}</Page>;
}

/** The model of the address, or the first thing to choose. */
function Chosen(): ReactNode {
  const [search, setSearch] = useSearchParams();
  const [model, version] = [search.get('model') ?? undefined, search.get('version') ?? undefined];
  const [words, setWords] = useState('');
  const models = useOperation('listModels', { query: { deployable: 'true', search: words, limit: mostOffered } }, { keep: true });
  const engines = useOperation('listEngines');
  const deployments = useOperation('listDeployments');
  const chosen = useOperation('showModel', { params: { model: model ?? '' }, query: { version } }, { enabled: model !== undefined, pollMs: (last) => (last?.pull === 'pulling' ? 2000 : false) });
  // What was read once stays: keys that were just made are shown by what stands on it.
  const error = models.error ?? engines.error ?? deployments.error;
  if (!models.data || !engines.data || !deployments.data) return error ? <Failure error={error} /> : <Waiting />;
  const offered = offeredOf(models.data.data, engines.data.data, words);
  const choose = (name: string): void => setSearch(name === '' ? {} : { model: name }, { replace: true });
  const pick = <ModelChoice offered={offered} total={models.data.total} words={words} onWords={setWords} chosen={model ?? ''} onChoose={choose} />;
  if (model === undefined) return <Section title="Model">{pick}</Section>;
  if (!chosen.data) return chosen.error ? <Section title="Model">{pick}<Failure error={chosen.error} /></Section> : <Waiting />;
  return <Wizard key={`${model} ${version ?? ''}`} model={chosen.data} version={version} engines={engines.data.data.filter((engine) => engine.model === model)} taken={deployments.data.data.map(({ name }) => name)} pick={pick} />;
}

/** What can run here, and what an engine is registered for, by its name. */
function offeredOf(models: readonly Offered[], engines: readonly Engine[], words: string): Offered[] {
  const elsewhere = [...new Set(engines.map(({ model }) => model))].filter((name) => name.includes(words.trim().toLowerCase()) && !models.some((model) => model.name === name));
  return [...models, ...elsewhere.map((name) => ({ name, displayName: name }))];
}

const Waiting = (): ReactNode => <Section title="Model"><Skeleton aria-label="Models are being read"><SkeletonItem style={{ height: '136px' }} /></Skeleton></Section>;
