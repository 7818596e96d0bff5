import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { publicConfiguration, readConfig } from './config.ts';
import type { SupervisorConfig } from './config.ts';
import { ConfigurationError } from './configuration-error.ts';

let environment: NodeJS.ProcessEnv;
beforeEach(() => {
  environment = process.env;
  process.env = { HOME: '/home/somebody', PATH: '/bin' };
});
afterEach(() => { process.env = environment; });

function read(...args: string[]): SupervisorConfig {
  const config = readConfig(args);
  assert.ok(config);
  return config;
}

test('without options: this machine only, the user\'s own data folder, the embedded database', () => {
  const { dataFolder, runFolder, host, port, origin, databaseUrl, migrate, starter, tls } = read();
  assert.ok(dataFolder.endsWith('/.local/share/modelkeep'));
  assert.equal(runFolder, `${dataFolder}/run`);
  assert.deepEqual({ host, port, origin, databaseUrl, migrate, starter, tls }, { host: '127.0.0.1', port: 8420, origin: 'http://127.0.0.1:8420', databaseUrl: undefined, migrate: true, starter: false, tls: { mode: 'off' } });
});

test('an option wins over its variable, and an empty variable counts as none', () => {
  process.env['MODELKEEP_PORT'] = '9000';
  process.env['MODELKEEP_DATA'] = '';
  process.env['DATABASE_URL'] = '';
  assert.equal(read().port, 9000);
  assert.equal(read('--port', '9001').port, 9001);
  assert.ok(read().dataFolder.endsWith('/.local/share/modelkeep'));
  assert.equal(read().databaseUrl, undefined);
});

test('a long data folder has its sockets elsewhere, in a path that a socket can have', () => {
  process.env['XDG_RUNTIME_DIR'] = '/run/user/1000';
  assert.match(read('--data', `/${'deep/'.repeat(30)}data`).runFolder, /^\/run\/user\/1000\/modelkeep-[0-9a-f]{16}$/);
});

test('the origin is where users reach the gateway', () => {
  assert.equal(read('--host', '0.0.0.0', '--tls').origin, 'https://127.0.0.1:8420');
  assert.equal(read('--host', '::1').origin, 'http://[::1]:8420');
  process.env['MODELKEEP_PUBLIC_ORIGIN'] = 'https://models.example.org/';
  assert.equal(read('--host', '0.0.0.0').origin, 'https://models.example.org');
});

test('what is not valid is refused, and the sentence names it', () => {
  const refused = (named: RegExp, ...args: string[]): void => assert.throws(() => readConfig(args), (error: unknown) => error instanceof ConfigurationError && named.test(error.message));
  for (const port of ['0', '65536', '80a', '']) refused(/--port/, `--port=${port || ' '}`);
  refused(/--tls/, '--tls=sometimes');
  refused(/belong together/, '--tls-cert', 'chain.pem');
  refused(/--region/, '--region', 'Not A Name');
  refused(/--colour/, '--colour');
  process.env['DATABASE_URL'] = 'mysql://host/database';
  refused(/DATABASE_URL/);
});

test('what is shown of the configuration holds no password and no token', () => {
  process.env['HF_TOKEN_FILE'] = '/etc/token';
  for (const url of ['postgresql://me:s3cret@db.example.org/modelkeep', 'postgresql://me:s3cret%2Fx@db.example.org:5433/modelkeep?sslmode=require', 'postgres://db.example.org/modelkeep?user=me&password=s3cret']) {
    process.env['DATABASE_URL'] = url;
    assert.equal(read().databaseUrl, url);
    const shown = JSON.stringify(publicConfiguration(read()));
    assert.doesNotMatch(shown, /s3cret/);
    assert.match(shown, /db\.example\.org/);
    assert.match(shown, /"HF_TOKEN_FILE":"\/etc\/token"/, 'the name of the file, not what is in it');
  }
});

test('--help asks for nothing to be started', () => assert.equal(readConfig(['--help']), undefined));
