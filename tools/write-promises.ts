/** Writes docs/promises.md from the contract. */
import { writeFileSync } from 'node:fs';
import { promisesPage } from '#contract/promises-page.ts';

writeFileSync(new URL('../docs/promises.md', import.meta.url), promisesPage());
