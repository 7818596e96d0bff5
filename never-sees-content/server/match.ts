/** Finds the operation of a path. Segments are decoded after matching, so that an encoded slash stays inside its segment. */
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';

interface Template { operation: Operation; segments: string[] }
const templates: Template[] = (Object.values(operations) as Operation[]).filter((operation) => operation.servedBy === 'control')
  .flatMap((operation) => [operation.path, ...(operation.aliases ?? [])].map((path) => ({ operation, segments: path.split('/').slice(1) })));

export type Match = { operation: Operation; params: Record<string, string> } | 'not_found' | 'method_not_allowed';

export function match(method: string, path: string): Match {
  const segments = path.split('/').slice(1);
  let seen = false;
  for (const template of templates) {
    const params = fit(template.segments, segments);
    if (!params) continue;
    seen = true;
    if (template.operation.method === method) return { operation: template.operation, params };
  }
  return seen ? 'method_not_allowed' : 'not_found';
}

function fit(template: string[], segments: string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of template.entries()) {
    const segment = segments[i] ?? '';
    if (!part.startsWith('{')) { if (part !== segment) return undefined; continue; }
    try { params[part.slice(1, -1)] = decodeURIComponent(segment); } catch { return undefined; }
  }
  return params;
}
