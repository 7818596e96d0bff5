/** Writes docs/data-map.json and docs/data-map.html from the contract. */
import { writeFileSync } from 'node:fs';
import { dataMap } from '#contract/data-map/data-map.ts';
import { dataMapPage } from '#contract/data-map/page.ts';

const map = dataMap();
writeFileSync(new URL('../docs/data-map.json', import.meta.url), `${JSON.stringify(map, null, 1)}\n`);
writeFileSync(new URL('../docs/data-map.html', import.meta.url), dataMapPage(map));
