/** The report as one self-contained page, for somebody who answers for the data and does not read code. */
import { style } from './style.ts';
import type { Report } from './report.ts';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const count = (value: number): string => value.toLocaleString('en-GB').replaceAll(',', '\u202f');
const megabytes = (bytes: number): string => (bytes < 100_000 ? `${count(Math.ceil(bytes / 1000))} kB` : `${count(Math.round(bytes / 100_000) / 10)} MB`);
const mark = (good: boolean): string => (good ? '<td class="good">✓</td>' : '<td class="bad">✗</td>');

function table(headings: string[], rows: string[][], empty: string): string {
  if (rows.length === 0) return `<p>${empty}</p>`;
  const cell = (text: string): string => (text.startsWith('<td') ? text : `<td>${text}</td>`);
  return `<table><thead><tr>${headings.map((heading) => `<th>${heading}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}</tbody></table>`;
}
const list = (items: string[]): string => `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('\n')}</ul>`;

function verdict({ passed, planted, leaks, places, durationS, startedAt }: Report): string {
  const bytes = places.reduce((sum, place) => sum + place.bytes, 0);
  const said = passed ? 'Passed: nothing that was planted was kept.' : leaks.length > 0 ? `Failed: ${count(leaks.length)} ${leaks.length === 1 ? 'trace' : 'traces'} of planted content where none may be.` : 'Failed: not everything could be checked.';
  return `<p class="verdict ${passed ? 'good' : 'bad'}">${said}</p>
<p>${count(planted.cells)} different strings were sent through ${count(planted.operations.length)} operations and answers of this installation, and then searched for in ${megabytes(bytes)} of what it keeps and sends. ${escaped(startedAt)}, ${durationS} seconds.</p>`;
}

function leaksOf({ leaks }: Report): string {
  const most = 200;
  const rows = leaks.slice(0, most).map(({ place, spelling, operation, field, outcome, stream, cell }) => [escaped(place), escaped(spelling), escaped(operation), escaped(field), `${outcome}${stream ? ', streamed' : ''}`, cell]);
  return `<h2>Traces found</h2>${table(['Where', 'Spelling', 'Operation', 'Field', 'Outcome', 'Cell'], rows, 'None.')}${leaks.length > most ? `<p>And ${count(leaks.length - most)} more: see report.json.</p>` : ''}`;
}

function plantedIn({ planted }: Report): string {
  const rows = planted.operations.map(({ operation, fields, cells, outcomes }) => [escaped(operation), count(fields), count(cells), Object.entries(outcomes).map(([outcome, times]) => `${outcome.replaceAll('_', ' ')} ${times}`).join(', ')]);
  const left = planted.notPlanted.map(({ operation, field, reason }) => `${operation}, ${field}: ${reason}`);
  return `<h2>What was planted</h2><p>One string of its own for every field that can carry text, every header, every outcome. The list is made from the contract of the API, not kept by hand.</p>
${table(['Operation', 'Fields and headers', 'Strings', 'Outcomes'], rows, 'Nothing.')}${planted.uncovered.length > 0 ? `<h3>Not covered</h3>${list(planted.uncovered)}` : ''}${left.length > 0 ? `<h3>Planted in refused requests only</h3>${list(left)}` : ''}`;
}

function searched({ places }: Report): string {
  const rows = places.map(({ title, required, state, files, bytes, hits, notCovered }) => [
    state === 'searched' ? mark(true) : required ? mark(false) : '<td>–</td>', escaped(title), files === 0 ? '' : count(files), megabytes(bytes), count(hits), escaped(notCovered.join('; ')),
  ]);
  return `<h2>Where it was searched</h2><p>Plain, in capitals, as JSON, UTF-16, hexadecimal and base64. A string that was accepted as a name stands where names are kept, and nowhere else: such finds are counted here and are no leaks.</p>
${table(['', 'Place', 'Files', 'Searched', 'Finds', 'Not read'], rows, 'Nowhere.')}`;
}

function outboundOf({ outbound, engine }: Report): string {
  const rows = outbound.destinations.map(({ address, port, protocol, by, declaredAs }) => [mark(declaredAs !== null), `${escaped(address)} ${port} (${protocol})`, escaped(by), escaped(declaredAs ?? 'nobody')]);
  const surplus = engine.surplus.map(({ what, name, path }) => `${what} ${name} on ${path}`);
  return `<h2>What left the machine</h2><p>Connections were looked at ${count(outbound.looks)} times while the strings were planted.</p>${table(['', 'Address', 'Process', 'Declared as'], rows, 'No process of the installation had a connection to another machine.')}
<h3>What an external engine is sent</h3><p>${count(engine.requests)} requests reached the audit's own engine. ${surplus.length === 0 ? 'Each had the fields that a model needs, and nothing about who asked.' : ''}</p>${surplus.length > 0 ? list(surplus) : ''}`;
}

/** `sha256`: of report.json, hexadecimal. */
export function page(report: Report, sha256: string): string {
  const { versions, installation, checks, positiveControl, cannotProve } = report;
  const control = positiveControl.leaks.map(({ what, sink, found }) => [mark(found), escaped(what), escaped(sink.replaceAll('_', ' '))]);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Modelkeep audit ${escaped(report.startedAt)}</title><style>${style}</style></head><body><main>
<h1>Modelkeep audit</h1>
${verdict(report)}
${table(['', 'Check'], checks.map(({ says, holds }) => [mark(holds), escaped(says)]), '')}
${leaksOf(report)}
<h2>Can the search see?</h2><p>The audit planted leaks of its own and had to find each of them with the same search.</p>
${table(['', 'Planted leak', 'Found in'], control, 'None was planted.')}
${searched(report)}
${plantedIn(report)}
${outboundOf(report)}
<h2>What this does not prove</h2>${list(cannotProve)}
<h2>About</h2>${table(['', ''], [...Object.entries(versions), ...Object.entries(installation)].map(([name, value]) => [escaped(name), escaped(value)]), '')}
<p>SHA-256 of report.json: <code>${sha256}</code>, signed in report.json.sig by the installation's key-custody.</p>
</main></body></html>
`;
}
