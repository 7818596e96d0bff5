/** The loaded model: llama.cpp by way of node-llama-cpp, on the processor, without downloads, without compiling, without a word. */
import { getLlama } from 'node-llama-cpp';
import type { Llama, LlamaModel } from 'node-llama-cpp';

export interface Engine { llama: Llama; model: LlamaModel; /** Name and version. */ name: string }

/** @throws where the file cannot be loaded. `onProgress`: share from 0 to 1. */
export async function loadEngine(path: string, threads: number, onProgress: (share: number) => void): Promise<Engine> {
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, progressLogs: false, maxThreads: threads, logger: () => undefined, vramPadding: 0 });
  const model = await llama.loadModel({ modelPath: path, gpuLayers: 0, useMmap: true, onLoadProgress: onProgress });
  return { llama, model, name: `llama.cpp ${llama.llamaCppRelease.release}`.replace(/[^\w .+-]/g, '') };
}
