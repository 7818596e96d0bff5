/** What no process of the product may do, done: the recorder has to see each of it. Argument: a port of this machine on which something answers. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { get } from 'node:http';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { request } from 'undici';

const port = Number(process.argv[2]);
const settled = async (work: Promise<unknown>): Promise<void> => { await work.catch(() => undefined); };
const closed = async (socket: { once(event: 'error' | 'close', listener: () => void): unknown; destroy(): unknown }): Promise<void> => await new Promise((resolve) => { socket.once('error', resolve); socket.once('close', resolve); setTimeout(() => socket.destroy(), 100); });

await settled(fetch(`http://127.0.0.1:${port}/fetch`));
await settled(request(`http://127.0.0.1:${port}/undici`));
await new Promise<void>((resolve) => { get(`http://127.0.0.1:${port}/http`, () => resolve()).on('error', () => resolve()); });
await closed(connect(port, '127.0.0.1'));
await closed(connectTls(port, '127.0.0.1'));
await closed(connect('/nowhere/leak.sock'));
await settled(lookup('localhost'));
const socket = createSocket('udp4');
await new Promise((resolve) => { socket.send('leak', port, '127.0.0.1', resolve); });
socket.close();
spawnSync('/bin/true');
