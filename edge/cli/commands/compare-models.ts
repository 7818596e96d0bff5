import { operations } from '#contract/operations.ts';
import type { Model } from '#contract/http/models.ts';
import type { Command } from '../command.ts';
import { bytes, count, line, printable, table } from '../terminal.ts';

export const parameters = (value: number | undefined): string => (value === undefined ? '–' : value >= 1e9 ? `${(value / 1e9).toFixed(1)} B` : `${Math.round(value / 1e6)} M`);

/** What it needs, and whether that is here. */
export function memory({ memory: { neededBytes, availableBytes, fits, basis } }: Model): string {
  if (neededBytes === null) return 'not known';
  const here = availableBytes === null || fits === null ? '' : fits ? `, of ${bytes(availableBytes)} available` : `, and only ${bytes(availableBytes)} are available`;
  return `about ${bytes(neededBytes)}${basis === 'size' ? ' (guessed from its size)' : ''}${here}`;
}

const rows: readonly (readonly [name: string, value: (model: Model) => string])[] = [
  ['version', ({ version }) => version], ['publisher', ({ publisher }) => printable(publisher)], ['task', ({ task }) => task], ['licence', ({ licence }) => licence],
  ['parameters', (model) => parameters(model.parameters)], ['context', ({ contextLength }) => (contextLength === undefined ? '–' : `${count(contextLength)} tokens`)],
  ['format', ({ format, manifest }) => [format, manifest.quantisation].filter(Boolean).join(' ')], ['size', ({ size, artifactSize }) => (size ?? artifactSize ?? null) === null ? '–' : bytes(artifactSize ?? size ?? 0)],
  ['memory', memory], ['tools', ({ manifest }) => (manifest.capabilities.tools ? 'yes' : 'no')], ['json schema', ({ manifest }) => (manifest.capabilities.jsonSchema ? 'yes' : 'no')],
  ['languages', ({ manifest }) => manifest.languages?.join(' ') ?? '–'], ['deployable', ({ deployable }) => (deployable ? 'yes' : 'external engine')], ['pulled', ({ artifactDigest }) => (artifactDigest === null ? 'no' : 'yes')],
];

export const compare: Command = {
  summary: 'Compare two to four models, row by row; ≠ marks what differs', args: ['MODEL', 'MODEL', '[MODEL]', '[MODEL]'], examples: ['modelkeep models compare smollm2-135m-instruct qwen2.5-0.5b-instruct'],
  run: async (context) => {
    const found = await Promise.all(context.args.map(async (model) => await context.client.call(operations.showModel, { params: { model } })));
    context.print({ data: found }, () => {
      line(table(['', '', ...found.map(({ name }) => name)], rows.map(([name, value]) => {
        const values = found.map(value);
        return [new Set(values).size > 1 ? '≠' : ' ', name, ...values];
      })));
    });
  },
};
