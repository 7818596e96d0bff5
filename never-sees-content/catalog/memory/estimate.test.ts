/** The estimate of memory: what it adds up, and that it says on what it rests. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelManifest } from '#contract/http/models.ts';
import { asFile } from '../formats/gguf-under-test.ts';
import { writeGguf } from '../conversion/gguf-writer.ts';
import { contextShape } from './context-shape.ts';
import { estimateMemory } from './estimate.ts';
import { availableMemory } from './available-memory.ts';

const manifest = (over: object = {}): ModelManifest => ModelManifest.parse({ name: 'm', version: '1', displayName: 'M', publisher: 'P', summary: '', task: 'chat-completion', licence: 'MIT', format: 'gguf', files: [{ role: 'weights', size: 1e9, source: { type: 'file', path: '/m' } }], ...over });
const weigh = (over: object = {}, more: object = {}): ReturnType<typeof estimateMemory> => estimateMemory({ manifest: manifest(over), artifactSize: null, shape: undefined, availableBytes: 4e9, ...more });

test('the head of a file says what a token of context takes', () => {
  const shape = asFile(Buffer.alloc(0), (path) => {
    writeGguf(path, [
      ['general.architecture', { type: 'string', value: 'llama' }], ['llama.block_count', { type: 'u32', value: 30 }], ['llama.embedding_length', { type: 'u32', value: 576 }], ['llama.attention.head_count', { type: 'u32', value: 9 }],
      ['llama.attention.head_count_kv', { type: 'u32', value: 3 }], ['tokenizer.ggml.tokens', { type: 'strings', value: ['a', 'b', 'c'] }],
    ], [{ name: 'token_embd.weight', shape: [4], type: 'f32', values: () => new Float32Array(4) }]);
    return contextShape(path);
  });
  assert.deepEqual(shape, { perToken: 30 * 3 * (64 + 64) * 2, vocabulary: 3 });
  assert.equal(asFile(Buffer.from('no model'), contextShape), undefined);
});

test('weights, the context of four requests and the logits of a batch are added up', () => {
  const memory = weigh({ contextLength: 2048 }, { artifactSize: 500e6, shape: { perToken: 1000, vocabulary: 1000 } });
  assert.deepEqual(memory, { weightsBytes: 500e6, contextBytes: 1000 * 2048 * 4, overheadBytes: 150e6 + 512 * 1000 * 4, neededBytes: 500e6 + 8_192_000 + 152_048_000, contextLength: 2048, sequences: 4, availableBytes: 4e9, fits: true, basis: 'file' });
});

test('without the file it is a guess that says so, and without a size it is none', () => {
  assert.equal(weigh({ parameters: 1e9 }).basis, 'size');
  const unknown = weigh({ files: [] });
  assert.deepEqual([unknown.neededBytes, unknown.fits], [null, null]);
  assert.equal(weigh({}, { availableBytes: 1.1e9 }).fits, false);
  assert.equal(weigh({}, { availableBytes: null }).fits, null);
});

test('an encoder keeps no context', () => assert.equal(weigh({ task: 'embeddings' }).contextBytes, 0));
test('this machine says how much memory it has', () => assert.ok((availableMemory() ?? 0) > 1e7));
