/** Finds the operation of a method and path among the contract's paths and aliases. Segments are decoded after matching: `org%2Fmodel` is one segment. */
import { carriesContent } from '#contract/operation.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';

export interface Match { operation: Operation; params: Record<string, string>; /** The pattern that matched: a deployment in it wins over the body's model. */ pattern: string }
interface Node { children: Map<string, Node>; parameter: { name: string; node: Node } | undefined; methods: Map<string, { operation: Operation; pattern: string }> }

const newNode = (): Node => ({ children: new Map(), parameter: undefined, methods: new Map() });

function build(): Node {
  const root = newNode();
  for (const operation of Object.values(operations) as Operation[]) {
    for (const pattern of [operation.path, ...(operation.aliases ?? [])]) {
      let node = root;
      for (const segment of pattern.split('/').slice(1)) {
        if (segment.startsWith('{')) node = (node.parameter ??= { name: segment.slice(1, -1), node: newNode() }).node;
        else {
          const next = node.children.get(segment) ?? newNode();
          node.children.set(segment, next);
          node = next;
        }
      }
      node.methods.set(operation.method, { operation, pattern });
    }
  }
  return root;
}
const root = build();

export function route(method: string, path: string): Match | 'not_found' | 'method_not_allowed' {
  const segments = path.split('/').slice(1);
  const params: Record<string, string> = {};
  const node = walk(root, segments, 0, params);
  if (!node) return 'not_found';
  const found = node.methods.get(method);
  // Other APIs read answers back from where they were asked for; here nothing is kept that could be read.
  if (!found) return [...node.methods.values()].some(({ operation }) => carriesContent(operation)) ? 'not_found' : 'method_not_allowed';
  return { ...found, params };
}

function walk(node: Node, segments: string[], at: number, params: Record<string, string>): Node | undefined {
  if (at === segments.length) return node.methods.size > 0 ? node : undefined;
  const segment = segments[at] ?? '';
  const child = node.children.get(segment);
  const found = child && walk(child, segments, at + 1, params);
  if (found) return found;
  const value = node.parameter && decoded(segment);
  if (!node.parameter || value === undefined) return undefined;
  const deeper = walk(node.parameter.node, segments, at + 1, params);
  if (deeper) params[node.parameter.name] = value;
  return deeper;
}

/** Undefined where the segment cannot be a name: empty, wrongly encoded, with control characters, or one that would climb in a path, by a backslash too, which others read as a slash. */
function decoded(segment: string): string | undefined {
  try {
    const value = decodeURIComponent(segment);
    return value === '' || value === '.' || value === '..' || /[\\#]/.test(segment) || /\p{Cc}/u.test(value) ? undefined : value;
  } catch { return undefined; }
}
