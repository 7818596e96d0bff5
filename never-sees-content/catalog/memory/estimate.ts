/** The memory that a deployment with the default context takes: weights, KV cache of every place, and what the engine works with. */
import type { Memory, ModelManifest } from '#contract/http/models.ts';
import type { ContextShape } from './context-shape.ts';

/** Tokens of context that the embedded engine gives where nothing is asked: memory grows with it. */
export const defaultContext = 4096;
/** Places of a worker, each with a context of its own, where the operator does not say otherwise. */
const sequences = 4;
/** Tokens that the engine evaluates together; it holds the logits of all of them at once, 4 bytes each. */
const batch = 512;
/** The process of a worker before it loads anything, and buffers that do not grow with the model: bytes, measured. */
const workerBytes = 150e6;
/** Where no file says it: words of a usual vocabulary, bits of a usual weight, and KV bytes a token, which grow about as the root of the parameters. */
const usual = { vocabulary: 128_000, bitsPerWeight: 5, perToken: (parameters: number) => 50_000 * Math.sqrt(parameters / 1e9) };

export interface Weighed { manifest: ModelManifest; artifactSize: number | null; shape: ContextShape | undefined; availableBytes: number | null }

export function estimateMemory({ manifest, artifactSize, shape, availableBytes }: Weighed): Memory {
  const embeds = manifest.task === 'embeddings';
  const contextLength = Math.min(manifest.contextLength ?? defaultContext, defaultContext);
  const weightsBytes = artifactSize ?? manifest.files.find(({ role }) => role === 'weights')?.size ?? null;
  const parameters = manifest.parameters ?? (weightsBytes === null ? undefined : (weightsBytes * 8) / usual.bitsPerWeight);
  const perToken = shape?.perToken ?? (parameters === undefined ? undefined : usual.perToken(parameters));
  // An encoder keeps no cache between requests and gives no logits.
  const contextBytes = embeds ? 0 : perToken === undefined ? null : Math.round(perToken * contextLength * sequences);
  const overheadBytes = workerBytes + (embeds ? 0 : batch * (shape?.vocabulary || usual.vocabulary) * 4);
  const neededBytes = weightsBytes === null || contextBytes === null ? null : weightsBytes + contextBytes + overheadBytes;
  return {
    neededBytes, weightsBytes, contextBytes, overheadBytes, contextLength, sequences: embeds ? 1 : sequences, availableBytes,
    fits: neededBytes === null || availableBytes === null ? null : neededBytes <= availableBytes, basis: shape ? 'file' : 'size',
  };
}
