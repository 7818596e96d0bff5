/** The data map as a page for people: tables with headings, no scripts, nothing loaded from elsewhere. */
import { dataClasses } from './classes.ts';
import type { DataClassId } from './classes.ts';
import type { DataMap, MappedClass } from './data-map.ts';
import { processes } from './processes.ts';
import type { Process } from './processes.ts';
import type { Protection } from './storage.ts';
import { style } from './style.ts';

type Cell = string | readonly string[];
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const cell = (content: Cell): string => (typeof content === 'string' ? escape(content)
  : content.length === 0 ? '<span class="none">none</span>' : content.length === 1 ? escape(content[0] ?? '') : `<ul>${content.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`);

/** The first column names its row. */
function table(caption: string, headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const head = headings.map((heading) => `<th scope="col">${escape(heading)}</th>`).join('');
  const body = rows.map(([first = '', ...rest]) => `<tr><th scope="row">${cell(first)}</th>${rest.map((content) => `<td>${cell(content)}</td>`).join('')}</tr>`);
  return `<div class="wide"><table><caption>${escape(caption)}</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody></table></div>`;
}
const section = (id: string, title: string, words: string, ...parts: string[]): string => `<section id="${id}"><h2>${escape(title)}</h2>\n<p>${escape(words)}</p>\n${parts.join('\n')}</section>`;

export const protectionWords: Record<Protection, string> = {
  none: 'none: public by design', disk: 'the disk\'s own: file mode or database login', keyed_hash: 'only a keyed hash is stored', password_hash: 'only argon2id with a salt is stored', passphrase: 'encrypted under a passphrase of the operator\'s', root_key: 'signed under the root key', two_layers: 'AES-256-GCM in two layers, under keys in key custody', wrapped: 'AES-256-GCM under a key of key custody or of the customer\'s provider',
};
const nameOf = (id: DataClassId): string => dataClasses[id].name;
const placeOf = (process: Process): string => processes[process].name;

/** Places of a class: columns of one table in one line. */
function places({ storedIn }: MappedClass): string[] {
  const lines = new Map<string, string[]>();
  for (const { place, protection, kept } of storedIn) {
    const [head = '', column] = /^\w+\.\w+$/.test(place) && !place.startsWith('ca.') ? place.split('.') : [place];
    const key = `${head}|${protectionWords[protection]}|${kept}`;
    lines.set(key, [...(lines.get(key) ?? []), ...(column === undefined ? [] : [column])]);
  }
  return [...lines].map(([key, names]) => {
    const [head = '', protection = '', kept = ''] = key.split('|');
    return `${head}${names.length > 0 ? ` (${names.join(', ')})` : ''}; protection ${protection}; kept ${kept}`;
  });
}

function classes(map: DataMap): string {
  return table('Classes of data', ['Class', 'What it is', 'In the memory of', 'Stored', 'May be sent to'], map.classes.map((each) => [
    `${each.name} (${each.group})`, each.means, each.processed.map(({ process, held }) => `${placeOf(process)}: ${held}`), places(each), each.mayGoTo.map(({ name, order }) => `${name}. On the order of: ${order}`),
  ]));
}
const openings = (map: DataMap['destinations'][number]): string[] => map.openings.map(({ process, file, by, senders = [] }) => `${placeOf(process)}${by === 'program' ? ', by another program' : by === 'answer' ? ', as an answer' : ''} (${[file, ...senders].join(', ')})`);

function storage(map: DataMap): string[] {
  const rows = map.tables.flatMap(({ table: name, what, kept, readers, columns }) => {
    const groups = Map.groupBy(Object.entries(columns), ([, column]) => `${nameOf(column.class)}|${protectionWords[column.protection]}`);
    return [...groups].map(([key, entries]) => [`${name}: ${what}`, entries.map(([column, { note }]) => (note === undefined ? column : `${column} (${note})`)).join(', '), ...key.split('|'), kept, readers]);
  });
  const files = [...map.files, ...map.userFiles].map((file) => [file.path, file.what, nameOf(file.class), protectionWords[file.protection], file.kept, file.readers]);
  return [table('Tables of the database', ['Table', 'Columns', 'Class', 'Protection', 'Kept', 'Read by'], rows), table('Files of the data folder, and of the command line\'s user', ['File', 'What it is', 'Class', 'Protection', 'Kept', 'Read by'], files)];
}

function operations(map: DataMap): string {
  const marked = (operation: DataMap['operations'][number], mark: string): string[] => operation.fields.filter((field) => field.mark === mark).map(({ part, path }) => `${part}: ${path || 'all of it'}`);
  return table('Operations', ['Operation', 'Answered by', 'Content', 'Personal', 'Secret', 'Public fields'], map.operations.map((operation) => [
    `${operation.id}: ${operation.route}`, operation.servedBy, marked(operation, 'content'), marked(operation, 'personal'), marked(operation, 'secret'), String(marked(operation, 'public').length),
  ]));
}

export function dataMapPage(map: DataMap): string {
  const sections: [id: string, title: string, html: string][] = [
    ['classes', 'What is processed', section('classes', 'What is processed', 'Every class of data, in whose memory it is and for how long, where it is stored, and who may be sent it.', classes(map))],
    ['retention', 'Retention', section('retention', 'Retention', `Mode of all content: ${map.retention.modes.join(', ')}. A model or engine that declares another need (${map.retention.refused.join(', ')}) is refused.`)],
    ['destinations', 'What leaves the machine', section('destinations', 'What leaves the machine', 'Every place outside that anything may be sent to. There are no others: no analytics, no update check, no licence server. To find them, the machine\'s own resolver is asked for their names.',
      table('Destinations', ['Destination', 'Where', 'On whose order', 'May be sent', 'Opened by'], map.destinations.map((each) => [each.name, each.where, each.order, [...each.sends.map(nameOf), ...(each.adds === undefined ? [] : [each.adds])], openings(each)])))],
    ['local', 'What stays on the machine', section('local', 'What stays on the machine', 'Connections between the processes: sockets that only the user of the installation can open. Programs that are started; none of them is given data to send.',
      table('Local connections', ['Connection', 'Socket', 'Carries', 'Opened by', 'Answered by'], map.localConnections.map((each) => [each.name, each.socket ?? 'inherited, without a name', each.carries.map(nameOf), each.connects.map(({ process, file }) => `${placeOf(process)} (${file})`), each.listens.map(({ process, file }) => `${placeOf(process)} (${file})`)])),
      table('Programs', ['Source file', 'Process', 'Starts', 'Why'], map.programs.map(({ file, process, programs, kind, why }) => [file, placeOf(process), kind === 'native' ? 'functions of the system' : programs, why])))],
    ['storage', 'What is stored', section('storage', 'What is stored', 'Every table and column, every file. No content is among them. What is in a table may be in the memory of PostgreSQL, too.', ...storage(map))],
    ['telemetry', 'What is logged', section('telemetry', 'What is logged', 'Every field that a log line can have. There is no field for a text that a caller wrote.',
      table('Fields of events', ['Field', 'Kind', 'Meaning'], Object.entries(map.telemetryFields).map(([name, { kind, means }]) => [name, kind, means])))],
    ['operations', 'Operations', section('operations', 'Operations', 'Every operation of the API with the fields that are not public. Operations with content are answered by the gateway and never reach control.', operations(map))],
  ];
  const contents = sections.map(([id, title]) => `<li><a href="#${id}">${escape(title)}</a></li>`).join('');
  return `<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Modelkeep: data map</title>
<style>${style}</style></head>
<body><header><h1>Data map</h1><p>${escape(map.promise)}</p>
<p>Generated from the contract and the declarations beside it by <code>npm run data-map</code>. Tests fail when it, the code, the database or a running installation differ from each other.</p></header>
<nav aria-label="Contents"><ul>${contents}</ul></nav>
<main>
${sections.map(([, , html]) => html).join('\n')}
</main></body></html>
`;
}
