/**
 * kill -9 of each process, again and again, under load: no acknowledged change is lost, no answered request goes unmetered or is metered twice,
 * and service comes back by itself. MODELKEEP_FAULT_ROUNDS (default 3) kills of each process.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { request } from 'undici';
import { Installation } from '../installation.ts';
import { deploy, ensureModel } from '../models.ts';
import type { Deployed } from '../models.ts';
import { NullEngine } from '../null-engine/process.ts';
import { workers } from '../canary/search.ts';

const rounds = Number(process.env['MODELKEEP_FAULT_ROUNDS'] ?? 3);
let installation: Installation;
let nullEngine: NullEngine;
let embedded: Deployed;
let external: Deployed;
let token: string;

before(async () => {
  installation = await Installation.start();
  nullEngine = await NullEngine.start({ tokens: 10, intervalMs: 2 });
  const model = await ensureModel(installation, 'smollm2-135m-instruct');
  embedded = await deploy(installation, model, 'embedded', '--context', '512');
  await installation.json('engines', 'add', 'null', '--url', nullEngine.url, '--model', model);
  external = await deploy(installation, model, 'external', '--engine', 'null');
  ({ token } = await installation.json<{ token: string }>('tokens', 'create', 'load'));
}, { timeout: 300_000 });

after(async () => {
  await installation?.remove();
  await nullEngine?.stop();
});

class Load {
  /** Request ids of answers that were received whole. */
  readonly answered = new Set<string>();
  /** Ids of tokens whose creation was acknowledged. */
  readonly created = new Set<string>();
  #running = true;
  readonly #loops: Promise<void>[];

  constructor() {
    this.#loops = [this.#ask(external, false), this.#ask(external, true), this.#ask(external, true), this.#ask(embedded, true), this.#change()];
  }

  async #ask(at: Deployed, stream: boolean): Promise<void> {
    while (this.#running) {
      try {
        const answer = await request(`${installation.origin}/v1/chat/completions`, {
          method: 'POST', headers: { authorization: `Bearer ${at.primaryKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({ model: at.name, messages: [{ role: 'user', content: 'hi' }], max_tokens: 5, stream }), bodyTimeout: 20_000, headersTimeout: 20_000,
        });
        const text = await answer.body.text();
        const whole = stream ? text.endsWith('data: [DONE]\n\n') : (JSON.parse(text) as { choices?: unknown }).choices !== undefined;
        if (answer.statusCode === 200 && whole) this.answered.add(String(answer.headers['x-request-id']));
      } catch { /* the kill reached us: not answered */ }
      await sleep(20);
    }
  }

  async #change(): Promise<void> {
    for (let i = 0; this.#running; i++) {
      try {
        const answer = await request(`${installation.origin}/api/tokens`, {
          method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ name: `t-${Date.now()}-${i}` }), headersTimeout: 20_000,
        });
        const body = await answer.body.json() as { id: string };
        if (answer.statusCode === 201) this.created.add(body.id);
      } catch { /* not acknowledged */ }
      await sleep(50);
    }
  }

  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#loops);
  }
}

/** Answers again on both deployments, within a minute. */
async function serves(): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (const at of [embedded, external]) {
    for (;;) {
      try {
        const answer = await request(`${installation.origin}/v1/chat/completions`, {
          method: 'POST', headers: { authorization: `Bearer ${at.primaryKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({ model: at.name, messages: [{ role: 'user', content: 'hi' }], max_tokens: 1 }), headersTimeout: 20_000,
        });
        await answer.body.dump();
        if (answer.statusCode === 200) break;
      } catch { /* not yet */ }
      assert.ok(Date.now() < deadline, `${at.name} did not come back`);
      await sleep(100);
    }
  }
}

async function check(load: Load): Promise<void> {
  const client = new pg.Client({ host: installation.run, user: 'modelkeep', database: 'modelkeep' });
  await client.connect();
  try {
    const usage = await client.query<{ request_id: string; n: string; outcome: string }>('select request_id, count(*) n, min(outcome) outcome from usage_records group by request_id');
    const byId = new Map(usage.rows.map((row) => [row.request_id, row]));
    assert.deepEqual([...load.answered].filter((id) => byId.get(id)?.outcome !== 'complete'), [], 'every answered request is metered');
    assert.deepEqual(usage.rows.filter((row) => Number(row.n) !== 1), [], 'none is metered twice');
    const tokens = new Set((await client.query<{ id: string }>('select id from credentials')).rows.map((row) => row.id));
    assert.deepEqual([...load.created].filter((id) => !tokens.has(id)), [], 'no acknowledged change is lost');
    const ledger = await client.query<{ n: string; last: string }>('select count(*) n, max(seq) last from ledger_entries');
    assert.equal(Number(ledger.rows[0]?.n), Number(ledger.rows[0]?.last), 'the ledger has no gap');
  } finally { await client.end(); }
}

for (const name of ['gateway', 'control', 'key-custody', 'postgres', 'worker'] as const) {
  test(`kill -9 of ${name} under load`, { timeout: rounds * 60_000 }, async (t) => {
    await serves();
    const load = new Load();
    for (let round = 0; round < rounds; round++) {
      await sleep(300 + Math.random() * 500);
      const processes = await installation.processes();
      const gateway = processes.find((process) => process.name === 'gateway')?.pid ?? 0;
      const pids = name === 'worker' ? workers(gateway) : processes.filter((process) => process.name === name).map((process) => process.pid);
      assert.ok(pids.length > 0, `${name} runs`);
      for (const pid of pids) { try { process.kill(pid, 'SIGKILL'); } catch { /* it was restarting */ } }
      await serves();
    }
    await load.stop();
    t.diagnostic(`${rounds} kills, ${load.answered.size} answers, ${load.created.size} changes`);
    assert.ok(load.answered.size > 0 && load.created.size > 0);
    await check(load);
  });
}

test('kill -9 of the supervisor: everything ends, and the next start goes on', { timeout: rounds * 60_000 }, async () => {
  for (let round = 0; round < rounds; round++) {
    const load = new Load();
    await sleep(800);
    await installation.killSupervisor();
    await load.stop();
    await installation.up();
    await serves();
    await check(load);
  }
});
