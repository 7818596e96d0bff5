/** Converts a BERT encoder from safetensors (Hugging Face layout) to GGUF (llama.cpp's `bert` architecture), for embeddings. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeGguf } from './gguf-writer.ts';
import type { Tensor } from './gguf-writer.ts';
import { Safetensors } from './safetensors.ts';

export interface EncoderFiles { weights: string; tokenizer: string; vocabulary: string; configuration: string; name: string; licence: string; pooling: 'mean' | 'cls' }

const Configuration = z.object({
  model_type: z.literal('bert'), hidden_size: z.int().min(1).max(16_384), num_hidden_layers: z.int().min(1).max(256), num_attention_heads: z.int().min(1).max(256),
  intermediate_size: z.int().min(1).max(65_536), max_position_embeddings: z.int().min(2).max(65_536), layer_norm_eps: z.number().positive(), vocab_size: z.int().min(1).max(2_000_000),
  type_vocab_size: z.int().min(1).max(16), hidden_act: z.literal('gelu'), position_embedding_type: z.literal('absolute').default('absolute'),
});
const Tokenizer = z.object({ model: z.object({ type: z.literal('WordPiece').optional(), vocab: z.record(z.string(), z.int()) }), normalizer: z.object({ lowercase: z.boolean().optional() }).nullish() });
const specials = { unknown: '[UNK]', cls: '[CLS]', seperator: '[SEP]', padding: '[PAD]', mask: '[MASK]' } as const;

/** The vocabulary in order, from vocab.txt, checked against tokenizer.json. */
function readVocabulary(files: EncoderFiles, size: number): string[] {
  const words = readFileSync(files.vocabulary, 'utf8').split('\n').map((line) => line.replace(/\r$/, ''));
  if (words.at(-1) === '') words.pop();
  const { vocab } = Tokenizer.parse(JSON.parse(readFileSync(files.tokenizer, 'utf8'))).model;
  if (words.length !== size || words.some((word, id) => vocab[word] !== id)) throw new Error('vocabulary');
  return words;
}

/** llama.cpp spells the beginning of a word, where WordPiece spells its continuation. */
function spell(word: string, special: Set<string>): string {
  if (special.has(word)) return word;
  return word.startsWith('##') ? word.slice(2) : `\u2581${word}`;
}

/** Writes `target`. @throws where a file is not what it should be. */
export function convertEncoder(files: EncoderFiles, target: string): void {
  const configuration = Configuration.parse(JSON.parse(readFileSync(files.configuration, 'utf8')));
  const words = readVocabulary(files, configuration.vocab_size);
  const special = new Set<string>(Object.values(specials));
  const idOf = (name: keyof typeof specials): number => { const id = words.indexOf(specials[name]); if (id < 0) throw new Error('vocabulary'); return id; };
  const weights = new Safetensors(files.weights);
  try {
    writeGguf(target, [
      ['general.architecture', { type: 'string', value: 'bert' }], ['general.name', { type: 'string', value: files.name }], ['general.license', { type: 'string', value: files.licence.toLowerCase() }],
      ['general.file_type', { type: 'u32', value: 1 }], ['general.quantization_version', { type: 'u32', value: 2 }],
      ['bert.block_count', { type: 'u32', value: configuration.num_hidden_layers }], ['bert.context_length', { type: 'u32', value: configuration.max_position_embeddings }],
      ['bert.embedding_length', { type: 'u32', value: configuration.hidden_size }], ['bert.feed_forward_length', { type: 'u32', value: configuration.intermediate_size }],
      ['bert.attention.head_count', { type: 'u32', value: configuration.num_attention_heads }], ['bert.attention.layer_norm_epsilon', { type: 'f32', value: configuration.layer_norm_eps }],
      ['bert.attention.causal', { type: 'bool', value: false }], ['bert.pooling_type', { type: 'u32', value: files.pooling === 'mean' ? 1 : 2 }],
      ['tokenizer.ggml.model', { type: 'string', value: 'bert' }], ['tokenizer.ggml.token_type_count', { type: 'u32', value: configuration.type_vocab_size }],
      ['tokenizer.ggml.tokens', { type: 'strings', value: words.map((word) => spell(word, special)) }], ['tokenizer.ggml.token_type', { type: 'i32s', value: words.map((word) => (special.has(word) ? 3 : 1)) }],
      ['tokenizer.ggml.bos_token_id', { type: 'u32', value: idOf('cls') }], ['tokenizer.ggml.cls_token_id', { type: 'u32', value: idOf('cls') }],
      ['tokenizer.ggml.seperator_token_id', { type: 'u32', value: idOf('seperator') }], ['tokenizer.ggml.unknown_token_id', { type: 'u32', value: idOf('unknown') }],
      ['tokenizer.ggml.padding_token_id', { type: 'u32', value: idOf('padding') }], ['tokenizer.ggml.mask_token_id', { type: 'u32', value: idOf('mask') }],
    ], tensorsOf(weights, configuration.num_hidden_layers));
  } finally { weights.close(); }
}

function tensorsOf(weights: Safetensors, layers: number): Tensor[] {
  const prefix = weights.entries.has('bert.embeddings.word_embeddings.weight') ? 'bert.' : '';
  const tensor = (name: string, from: string, full = false): Tensor => {
    const entry = weights.entries.get(prefix + from);
    if (!entry) throw new Error('missing tensor');
    return { name, shape: [...entry.shape].reverse(), type: full || entry.shape.length === 1 ? 'f32' : 'f16', values: () => weights.floats(prefix + from).values };
  };
  const both = (name: string, from: string): Tensor[] => [tensor(`${name}.weight`, `${from}.weight`), tensor(`${name}.bias`, `${from}.bias`)];
  const embeddings = [
    tensor('token_embd.weight', 'embeddings.word_embeddings.weight'), tensor('position_embd.weight', 'embeddings.position_embeddings.weight', true),
    tensor('token_types.weight', 'embeddings.token_type_embeddings.weight', true), ...both('token_embd_norm', 'embeddings.LayerNorm'),
  ];
  const blocks = Array.from({ length: layers }, (_, i) => {
    const layer = `encoder.layer.${i}`;
    return [
      ...both(`blk.${i}.attn_q`, `${layer}.attention.self.query`), ...both(`blk.${i}.attn_k`, `${layer}.attention.self.key`), ...both(`blk.${i}.attn_v`, `${layer}.attention.self.value`),
      ...both(`blk.${i}.attn_output`, `${layer}.attention.output.dense`), ...both(`blk.${i}.attn_output_norm`, `${layer}.attention.output.LayerNorm`),
      ...both(`blk.${i}.ffn_up`, `${layer}.intermediate.dense`), ...both(`blk.${i}.ffn_down`, `${layer}.output.dense`), ...both(`blk.${i}.layer_output_norm`, `${layer}.output.LayerNorm`),
    ];
  });
  return [...embeddings, ...blocks.flat()];
}
