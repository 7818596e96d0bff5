#!/usr/bin/env node
// Opens a sealed object. Written from docs/sealed-object.md alone and sharing nothing with the product, so that neither is believed on its own word.
//
//   node tools/open-sealed.mjs SEALED KEYS.json -o PLAIN
import { createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';

const FRAME = 262144;
const HEADER = 147;
const MAGIC = Buffer.from('modelkeep/sealed/1\n');

class DoesNotOpen extends Error {}

const u32 = (number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};
const lp = (text) => Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)]);

/** Bytes of the file from `offset`: as many as asked for, or it is cut. */
function read(file, offset, length) {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const count = readSync(file, bytes, done, length - done, offset + done);
    if (count === 0) throw new DoesNotOpen('the object ends too soon');
    done += count;
  }
  return bytes;
}

function layerOf(name, keys, header) {
  const at = name === 'customer' ? 19 : 83;
  const [salt, commitment] = [header.subarray(at, at + 32), header.subarray(at + 32, at + 64)];
  const context = Buffer.concat(['modelkeep/sealed/1', name, keys.owner, keys.purpose, keys.object].map(lp));
  const derived = Buffer.from(hkdfSync('sha256', Buffer.from(keys[name], 'hex'), salt, context, 64));
  // Whoever runs this has the keys, so that how long the comparison takes tells nobody anything.
  if (!derived.subarray(32).equals(commitment)) throw new DoesNotOpen(`other keys or another identity (layer ${name})`);
  return { key: derived.subarray(0, 32), binding: createHash('sha256').update(context).update(header).digest() };
}

function decrypt({ key, binding }, sealed, index, last, size) {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index), 3);
  nonce[11] = last;
  const place = Buffer.alloc(9);
  place.writeBigUInt64BE(BigInt(index));
  place[8] = last;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  decipher.setAAD(Buffer.concat([binding, place, u32(size)]));
  decipher.setAuthTag(sealed.subarray(-16));
  const text = decipher.update(sealed.subarray(0, -16));
  try { decipher.final(); } catch { throw new DoesNotOpen(`frame ${index} is not the one that was sealed`); }
  return text;
}

/** Gives each frame's plaintext to `give`, after both tags were right. */
function open(file, keys, give) {
  const { size } = fstatSync(file);
  const header = read(file, 0, HEADER);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new DoesNotOpen('not a sealed object of this format');
  const layers = ['platform', 'customer'].map((name) => layerOf(name, keys, header));
  let at = HEADER;
  let index = 0;
  do {
    const length = Math.min(FRAME + 32, size - at);
    const last = at + length === size ? 1 : 0;
    if (length < 32 || (length === 32 && index > 0)) throw new DoesNotOpen('the object ends too soon');
    let text = read(file, at, length);
    for (const layer of layers) text = decrypt(layer, text, index, last, length - 32);
    give(text);
    at += length;
    index++;
  } while (at < size);
}

function readKeys(path) {
  const text = readFileSync(path, 'utf8');
  let keys;
  // What JSON.parse says would quote the keys.
  try { keys = JSON.parse(text) ?? {}; } catch { throw new TypeError(`${path}: not JSON`); }
  for (const name of ['owner', 'purpose', 'object']) if (typeof keys[name] !== 'string' || keys[name] === '') throw new TypeError(`${path}: no ${name}`);
  for (const name of ['customer', 'platform']) if (!/^[0-9a-f]{64}$/i.test(keys[name])) throw new TypeError(`${path}: ${name} is not 64 hexadecimal digits`);
  return keys;
}

const [sealed, keyFile, option, plain, ...more] = process.argv.slice(2);
try {
  if (option !== '-o' || !plain || more.length > 0) throw new TypeError('usage: node tools/open-sealed.mjs SEALED KEYS.json -o PLAIN');
  const keys = readKeys(keyFile);
  const file = openSync(sealed, 'r');
  const unfinished = `${plain}.unfinished`;
  const out = openSync(unfinished, 'wx', 0o600);
  try {
    open(file, keys, (text) => { for (let done = 0; done < text.length;) done += writeSync(out, text, done); });
    fsyncSync(out);
    renameSync(unfinished, plain);
  } catch (error) {
    rmSync(unfinished);
    throw error;
  } finally { closeSync(out); closeSync(file); }
} catch (error) {
  process.stderr.write(`open-sealed: ${error.message}\n`);
  process.exitCode = error instanceof DoesNotOpen ? 1 : 2;
}
