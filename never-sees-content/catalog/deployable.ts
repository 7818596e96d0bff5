/** Whether the embedded engine can serve a model version: its format, and that its files are declared. */
import type { ModelManifest } from '#contract/http/models.ts';

export function isDeployable(manifest: ModelManifest): boolean {
  const has = (role: string): boolean => manifest.files.some((file) => file.role === role);
  if (manifest.format === 'gguf') return has('weights');
  return manifest.task === 'embeddings' && has('weights') && has('tokenizer') && has('vocabulary') && has('configuration');
}
