/** Every source file that has a way out of its process is declared in the data map with that way, and what is declared is there. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { destinations } from '#contract/data-map/destinations.ts';
import type { Destination, Opening } from '#contract/data-map/destinations.ts';
import { localConnections } from '#contract/data-map/local-connections.ts';
import type { LocalConnection } from '#contract/data-map/local-connections.ts';
import { processes } from '#contract/data-map/processes.ts';
import type { Process } from '#contract/data-map/processes.ts';
import { programs } from '#contract/data-map/programs.ts';
import { sourceFiles } from './source-files.ts';
import { waysOut } from './ways-out.ts';
import type { WayOut } from './ways-out.ts';

interface Declared { file: string; process: Process; way: WayOut }
const wayOf: Record<Opening['by'], WayOut> = { connection: 'connects', program: 'spawns', answer: 'listens' };
const locals = Object.values(localConnections) as LocalConnection[];
const declared: Declared[] = [
  ...(Object.values(destinations) as Destination[]).flatMap(({ openings }) => openings.map(({ file, process, by }) => ({ file, process, way: wayOf[by] }))),
  ...locals.flatMap(({ connects, listens }) => [...connects.map((end): Declared => ({ ...end, way: 'connects' })), ...listens.map((end): Declared => ({ ...end, way: 'listens' }))]),
  ...programs.map(({ file, process, kind }) => ({ file, process, way: kind })),
];

function differences(files: Map<string, string>): { undeclared: string[]; missing: string[] } {
  const found = new Set([...files].flatMap(([path, text]) => waysOut(path, text).map((way) => `${path} ${way}`)));
  const known = new Set(declared.map(({ file, way }) => `${file} ${way}`));
  return { undeclared: [...found].filter((each) => !known.has(each)), missing: [...known].filter((each) => !found.has(each)) };
}

test('every way out is declared, and every declared one is there', () => assert.deepEqual(differences(sourceFiles()), { undeclared: [], missing: [] }));

test('a way out belongs to a process of the room in which its file stands', () => {
  assert.deepEqual(declared.filter(({ file, process }) => !file.startsWith(`${processes[process].room}/`) && !file.startsWith('bin/')), []);
});

/** Imports of files that the search leaves out: through one of them a way out could come in unseen. */
const importsOfTests = (files: Map<string, string>): string[] => [...files].filter(([, text]) => /(?:from|import)\s*\(?\s*['"`][^'"`]+(?:\.test|-under-test)\.ts['"`]/.test(text)).map(([path]) => path);
test('nothing that is searched imports what is not', () => {
  assert.deepEqual(importsOfTests(sourceFiles()), []);
  assert.deepEqual(importsOfTests(new Map([['a.ts', "import { hub } from './hub-under-test.ts';"], ['b.ts', "await import('./b.test.ts');"]])), ['a.ts', 'b.ts']);
});

test('who sends on a connection that another file set up is a file that is there', () => {
  const senders = (Object.values(destinations) as Destination[]).flatMap(({ openings }) => openings.flatMap(({ senders = [] }) => senders));
  assert.deepEqual(senders.filter((file) => !sourceFiles().has(file)), []);
});

describe('a planted way out is found', () => {
  const plants: [text: string, way: WayOut][] = [
    ["import { request } from 'undici';", 'connects'], ["import * as undici from 'undici';", 'connects'], ["export { request } from 'undici';", 'connects'],
    ["import { createServer, connect } from 'node:net';", 'connects'], ["import net from 'net';", 'connects'], ["import { Socket as Plain } from 'node:net';", 'connects'],
    ["import { get } from 'node:https';", 'connects'], ["import { connect } from 'node:tls';", 'connects'], ["import { resolveTxt } from 'node:dns/promises';", 'connects'],
    ["import { createSocket } from 'node:dgram';", 'connects'], ["import { type IncomingMessage, request } from 'node:http';", 'connects'], ["import pg from 'pg';", 'connects'],
    ["import axios from 'axios';", 'connects'], ["import 'node-fetch';", 'connects'], ["const load = () => import('node:https');", 'connects'],
    ["await fetch('https://example.org');", 'connects'], ['const send = globalThis.fetch;', 'connects'], ['const { fetch: send } = globalThis;', 'connects'], ["new WebSocket('wss://example.org');", 'connects'],
    ["navigator.sendBeacon('https://example.org');", 'connects'], ["import { execFile } from 'node:child_process';", 'spawns'], ["import { createServer } from 'node:http';", 'listens'],
    ["import { open } from 'node:inspector';", 'listens'], ["import koffi from 'koffi';", 'native'], ["process.binding('tcp_wrap');", 'native'], ["process.getBuiltinModule('net');", 'loads'],
    ["import { createRequire } from 'node:module';", 'loads'], ['const all = globalThis;', 'loads'], ["process['binding']('tcp_wrap');", 'loads'], ['eval(text);', 'loads'], ['const load = (name: string) => import(name);', 'loads'],
    ["import { Worker } from 'node:worker_threads';", 'loads'],
  ];
  for (const [text, way] of plants) {
    test(text, () => {
      const path = 'never-sees-content/metering/planted.ts';
      const { undeclared } = differences(new Map([...sourceFiles(), [path, text]]));
      assert.ok(undeclared.includes(`${path} ${way}`), undeclared.join());
    });
  }
});

test('what is only a type, or opens nothing, is no way out', () => {
  const harmless = ["import type { Pool } from 'undici';", "import { type IncomingMessage } from 'node:http';", "import { isIP } from 'node:net';", "import { readFileSync } from 'node:fs';", "import { z } from 'zod';",
    "import { Migrator } from 'kysely/migration';", 'interface Source { fetch: () => void }', 'source.fetch();', 'export type F = Function;', "const path = process.env['PATH'];", "import { one } from './one.ts';"];
  for (const text of harmless) assert.deepEqual(waysOut('planted.ts', text), [], text);
});

test('a declaration whose file no longer has the way out would be noticed', () => {
  const files = sourceFiles();
  files.set('never-sees-content/catalog/pull/sources/http-download.ts', 'export {};');
  assert.deepEqual(differences(files).missing, ['never-sees-content/catalog/pull/sources/http-download.ts connects']);
});
