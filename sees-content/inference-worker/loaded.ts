/** What a worker has once its model is loaded. */
import type { ChatWrapper } from 'node-llama-cpp';
import type { LoadRequest, LoadResult } from '#contract/internal/worker-protocol.ts';
import { chatWrapperOf } from './chat-prompt.ts';
import type { Embedder } from './embeddings.ts';
import { loadEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { Scheduler } from './scheduler.ts';
import { Slots } from './slots.ts';

export interface Loaded { kind: 'generation'; engine: Engine; slots: Slots; scheduler: Scheduler; wrapper: ChatWrapper; tools: boolean }
export interface LoadedEmbedder { kind: 'embeddings'; engine: Engine; embedder: Embedder }

const idleMs = 120_000;

export async function load(path: string, request: LoadRequest, onProgress: (share: number) => void): Promise<{ loaded: Loaded | LoadedEmbedder; result: LoadResult }> {
  const engine = await loadEngine(path, request.threads, onProgress);
  const { model } = engine;
  const contextLength = Math.min(request.contextLength, model.trainContextSize ?? request.contextLength);
  if (request.task === 'embeddings') {
    const context = await model.createEmbeddingContext({ contextSize: contextLength, threads: request.threads });
    const embedder = { model, context, contextLength, length: model.embeddingVectorSize };
    return { loaded: { kind: 'embeddings', engine, embedder }, result: { contextLength, embeddingLength: embedder.length, engine: engine.name } };
  }
  const slots = new Slots(model, { sequences: request.sequences, contextLength, threads: request.threads, idleMs });
  await slots.open();
  return { loaded: { kind: 'generation', engine, slots, scheduler: new Scheduler(engine, slots), wrapper: chatWrapperOf(model), tools: request.tools }, result: { contextLength, embeddingLength: null, engine: engine.name } };
}
