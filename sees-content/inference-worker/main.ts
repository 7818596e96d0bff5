/** The inference worker: started in a sandbox with one socket (descriptor 3) and the weights (descriptor 5), and nothing else. */
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { runProbe } from '../worker-host/isolation/probe.ts';
import { sealProcess } from '../worker-host/isolation/seal.ts';
import './prelude.ts';
import { WorkerServer } from './server.ts';

// An error's text can quote a prompt: it goes nowhere.
process.on('uncaughtException', () => process.exit(70));
process.on('unhandledRejection', () => process.exit(70));

const sandboxed = existsSync('/proc/self/fd/3');
if (!sandboxed) process.exit(64);
sealProcess();
const probe = runProbe();

const socket = new Socket({ fd: 3, readable: true, writable: true });
socket.on('error', () => process.exit(0)).on('close', () => process.exit(0));
new WorkerServer('/proc/self/fd/5', probe).create().emit('connection', socket);
