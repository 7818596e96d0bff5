/** docs/promises.md, from the promises. */
import { promises } from './promises.ts';
import type { ProductPromise } from './promises.ts';

const words = { kept: 'kept', partly: 'partly kept', not_yet: 'not yet' } as const;
const cell = (text: string): string => text.replaceAll('|', '\\|');

function section({ id, title, state, promise, enforcedBy, provedBy, notCovered }: ProductPromise): string {
  const list = (items: string[]): string => items.map((item) => `- ${item}`).join('\n');
  return `## ${id} ${title}: ${words[state]}
> ${promise}

**How it is kept**
${list(enforcedBy.map(({ room, how }) => `\`${room}/\`: ${how}`))}

**How to prove it**
${list(provedBy.map(({ command, shows }) => `\`${command}\`: ${shows}`))}

**What it does not cover**
${list(notCovered)}
`;
}

export function promisesPage(all: readonly ProductPromise[] = promises): string {
  return `# The promises
Written by \`npm run promises\` from \`contract/promises.ts\`; \`modelkeep promises\` and the studio show the same.

A promise is **kept** where code makes the other outcome impossible or visible and anyone can prove it; **partly kept** where that holds for what the product does so far; **not yet** where what it speaks of is not built.

| | promise | state |
| --- | --- | --- |
${all.map(({ id, title, state }) => `| ${id} | ${cell(title)} | ${words[state]} |`).join('\n')}

${all.map(section).join('\n')}`;
}
