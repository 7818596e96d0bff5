/**
 * Public gateways in front of the same engine, installed here and not by the product: Portkey from npm, LiteLLM from PyPI in a virtual environment.
 * A peer that cannot be installed is left out, and the report says so.
 */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { freePort } from '#testing/installation.ts';
import type { Endpoint } from '../load.ts';

const folder = fileURLToPath(new URL('../.peers/', import.meta.url));
export const versions = { portkey: '1.15.2', litellm: '1.99.4' };
export interface Peer { endpoint: Endpoint; stop: () => void }

function install(name: string, done: string, steps: [string, string[]][], cwd: string): void {
  if (existsSync(done)) return;
  for (const [program, args] of steps) execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  if (!existsSync(done)) throw new Error(`${name} was not installed`);
}

async function answering(endpoint: Endpoint, child: ChildProcess): Promise<void> {
  const body = JSON.stringify({ model: endpoint.model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 2 });
  for (let i = 0; i < 240 && child.exitCode === null; i++) {
    try {
      const answer = await request(endpoint.origin + endpoint.path, { method: 'POST', headers: { 'content-type': 'application/json', ...endpoint.headers }, body });
      await answer.body.dump();
      if (answer.statusCode === 200) return;
    } catch { /* not yet */ }
    await sleep(500);
  }
  child.kill('SIGKILL');
  throw new Error(`${endpoint.name} did not start`);
}

/** Portkey's gateway. The override is needed: with the dependency that it asks for, its streaming fails. */
export async function portkey(engineUrl: string, model: string): Promise<Peer> {
  const home = join(folder, 'portkey');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true, dependencies: { '@portkey-ai/gateway': versions.portkey }, overrides: { '@hono/node-server': '1.3.3' } }));
  const start = join(home, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  install('Portkey', start, [['npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev']]], home);
  const port = await freePort();
  const child = spawn(process.execPath, [start, `--port=${port}`, '--headless'], { cwd: home, stdio: 'ignore', env: { ...process.env, NODE_ENV: 'production' } });
  const endpoint: Endpoint = {
    name: 'portkey', origin: `http://127.0.0.1:${port}`, path: '/v1/chat/completions', model,
    headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': engineUrl, authorization: 'Bearer none' },
  };
  await answering(endpoint, child);
  return { endpoint, stop: () => child.kill('SIGKILL') };
}

/** LiteLLM's proxy, one worker process, no database. */
export async function litellm(engineUrl: string, model: string): Promise<Peer> {
  const home = join(folder, 'litellm');
  mkdirSync(home, { recursive: true });
  install('LiteLLM', join(home, 'venv/bin/litellm'), [['python3', ['-m', 'venv', 'venv']], ['venv/bin/pip', ['install', '--quiet', '--disable-pip-version-check', `litellm[proxy]==${versions.litellm}`]]], home);
  const config = join(home, 'config.yaml');
  writeFileSync(config, JSON.stringify({ model_list: [{ model_name: model, litellm_params: { model: `openai/${model}`, api_base: engineUrl, api_key: 'none' } }], general_settings: { master_key: 'sk-bench' }, litellm_settings: { telemetry: false } }));
  const port = await freePort();
  const child = spawn(join(home, 'venv/bin/litellm'), ['--config', config, '--port', String(port), '--host', '127.0.0.1', '--num_workers', '1'], { cwd: home, stdio: 'ignore', env: { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR' } });
  const endpoint: Endpoint = { name: 'litellm', origin: `http://127.0.0.1:${port}`, path: '/v1/chat/completions', model, headers: { authorization: 'Bearer sk-bench' } };
  await answering(endpoint, child);
  return { endpoint, stop: () => child.kill('SIGKILL') };
}
