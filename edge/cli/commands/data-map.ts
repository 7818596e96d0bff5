import { dataMap as makeMap } from '#contract/data-map/data-map.ts';
import type { DataMap } from '#contract/data-map/data-map.ts';
import type { Command } from '../command.ts';
import { bold, dim, line, table } from '../terminal.ts';

/** Names of the tables and files in which a class is stored. */
const places = ({ storedIn }: DataMap['classes'][number]): string => [...new Set(storedIn.map(({ place }) => (/^[a-z_]+\.[a-z_0-9]+$/.test(place) && !place.startsWith('ca.') ? place.split('.')[0] ?? '' : place)))].join(', ') || 'nowhere';
const list = (items: readonly string[]): string => [...new Set(items)].join(', ') || 'nobody';

function describe(map: DataMap): void {
  const nameOf = (id: string): string => map.classes.find((each) => each.id === id)?.name ?? id;
  line(`${bold('Data map')}  ${map.promise}`);
  line(dim(`Retention of content: ${map.retention.modes.join(', ')}. What declares ${map.retention.refused.join(', ')} is refused.\n`));
  line(table(['CLASS', 'IN THE MEMORY OF', 'MAY BE SENT TO'], map.classes.map((each) => [each.name, list(each.processed.map(({ process }) => process)), list(each.mayGoTo.map(({ destination }) => destination))])));
  line();
  line(table(['CLASS', 'STORED IN'], map.classes.map((each) => [each.name, places(each)])));
  line();
  line(table(['DESTINATION', 'ORDERED BY', 'MAY BE SENT'], map.destinations.map((each) => [each.id, each.order, list(each.sends.map(nameOf))])));
  line(dim('\nWith columns, files, keys, times and fields: docs/data-map.html, or modelkeep data-map --json'));
}

export const dataMap: Command = {
  summary: 'Show what data is processed, where, for how long, and who may be sent it', examples: ['modelkeep data-map', 'modelkeep data-map --json > data-map.json'],
  run: (context) => { const map = makeMap(); context.print(map, () => describe(map)); return Promise.resolve(); },
};
