/** The facts that are compared, each as the words that are shown: what reads the same does not differ. */
import { bytes, count } from '../../frame/format.ts';
import { contextOf, formatOf, languagesOf, memoryOf, parametersOf, pullNames, sizeOf, taskNames } from '../../models/words.ts';
import type { ModelDetail } from '../../models/words.ts';

const yes = (value: boolean): string => (value ? 'yes' : 'no');

export const rows: readonly { name: string; value: (model: ModelDetail) => string }[] = [
  { name: 'Summary', value: ({ summary }) => summary }, { name: 'Publisher', value: ({ publisher }) => publisher }, { name: 'Version', value: ({ version }) => version }, { name: 'Task', value: ({ task }) => taskNames[task] },
  { name: 'Licence', value: ({ licence }) => licence }, { name: 'Parameters', value: ({ parameters }) => parametersOf(parameters) }, { name: 'Context', value: ({ contextLength }) => contextOf(contextLength) },
  { name: 'Embedding length', value: ({ manifest }) => (manifest.embeddingLength === undefined ? '–' : count(manifest.embeddingLength)) }, { name: 'Format', value: formatOf },
  { name: 'Size', value: (model) => (model.artifactSize === null ? sizeOf(model) : bytes(model.artifactSize)) }, { name: 'Memory', value: memoryOf }, { name: 'Languages', value: ({ manifest }) => languagesOf(manifest.languages) },
  { name: 'Calls tools', value: ({ manifest }) => yes(manifest.capabilities.tools) }, { name: 'Answers by JSON schema', value: ({ manifest }) => yes(manifest.capabilities.jsonSchema) }, { name: 'Log probabilities', value: ({ manifest }) => yes(manifest.capabilities.logprobs) },
  { name: 'Runs here', value: ({ deployable }) => (deployable ? 'yes' : 'by an external engine only') }, { name: 'State', value: ({ pull }) => pullNames[pull] },
];
