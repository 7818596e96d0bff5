import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriesContent } from '#contract/operation.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { Cells } from '../cell.ts';
import type { Findings } from './findings.ts';
import { judge } from './judge.ts';
import { reportOf } from './report.ts';
import { page } from './page.ts';

const content = (Object.values(operations) as Operation[]).filter(carriesContent);

/** An audit in which everything went well, and the canary of its first cell. */
function good(): { findings: Findings; canary: string } {
  const cells = new Cells();
  const planted = content.flatMap(({ id, event }) => (event ? [false, true] : [false]).map((stream) => cells.add({ operation: id, field: 'request <field>', mark: 'content', outcome: 'complete', stream, engine: 'external', status: 200 })));
  return { canary: planted[0]?.canary ?? '', findings: {
    since: 0, until: 1000, installation: { origin: 'http://127.0.0.1:8420', region: 'local', geography: 'local', database: 'embedded' }, databaseVersion: '18', cells,
    planted: { uncovered: [], notPlanted: [] }, withoutWorker: [], engine: { requests: 1, surplus: [] }, control: [{ what: 'a file', sink: 'data_folder', found: true }],
    results: [{ id: 'data_folder', title: 'Data folder', place: 'files', required: true, state: 'searched', files: 1, bytes: 1, seconds: 0, notCovered: [], hits: [] }],
    outbound: { looks: 1, sawOwnEngine: true, unread: [], destinations: [], declared: [] },
  } };
}
const failed = (change: (findings: Findings) => void): string[] => { const { findings } = good(); change(findings); return judge(findings).failed; };

test('an audit in which everything holds has passed', () => assert.deepEqual(judge(good().findings), { passed: true, failed: [], leaks: [], uncovered: [] }));

const faults: [string, (findings: Findings) => void, string][] = [
  ['nothing of its own was planted', (findings) => { findings.control = []; }, 'leaks_of_our_own_found'],
  ['a leak of its own was missed', (findings) => { findings.control.push({ what: 'memory', sink: 'other_memory', found: false }); }, 'leaks_of_our_own_found'],
  ['an operation was not planted', (findings) => { findings.planted.uncovered.push('createSpeech'); }, 'all_operations_planted'],
  ['nothing was answered', (findings) => { for (const cell of findings.cells.all) cell.status = 503; }, 'all_operations_planted'],
  ['an operation failed', (findings) => { findings.cells.add({ operation: 'createToken', field: 'request name', mark: 'personal', outcome: 'complete', stream: false, engine: 'none', status: 500 }); }, 'all_operations_planted'],
  ['a required place was not read', (findings) => { for (const result of findings.results) result.state = 'not_covered'; }, 'all_required_places_searched'],
  ['an engine was sent too much', (findings) => { findings.engine.surplus.push({ path: '/v1/embeddings', what: 'header', name: 'x-user' }); }, 'engine_received_no_more'],
  ['the engine was never asked', (findings) => { findings.engine.requests = 0; }, 'engine_received_no_more'],
  ['connections could not be seen', (findings) => { findings.outbound.sawOwnEngine = false; }, 'destinations_declared'],
  ['control did not show its connections', (findings) => { findings.outbound.unread.push({ name: 'control', code: 'EACCES' }); }, 'destinations_declared'],
  ['a connection was declared by nobody', (findings) => { findings.outbound.destinations.push({ address: '192.0.2.1', port: 443, protocol: 'tcp', by: 'gateway', declaredAs: null }); }, 'destinations_declared'],
];
for (const [name, change, check] of faults) test(`it fails where ${name}`, () => assert.deepEqual(failed(change), [check]));

test('a canary where it may not be is a leak; one where it may be is none; no report shows either', () => {
  const { findings, canary } = good();
  findings.results[0]?.hits.push({ text: canary, place: `/data/${canary}.log`, spelling: 'plain' });
  const { failed: checks, leaks } = judge(findings);
  assert.deepEqual([checks, leaks.map(({ place, operation }) => [place, operation])], [['no_canary_kept'], [['/data/[canary].log', content[0]?.id]]]);
  const report = reportOf(findings);
  const html = page(report, '0'.repeat(64));
  assert.ok(!JSON.stringify(report).includes(canary) && !html.includes(canary));
  assert.ok(html.includes('request &lt;field&gt;') && !html.includes('<field>'));
  findings.cells.of(canary)?.mayBeIn.push('files');
  assert.ok(judge(findings).passed);
});
