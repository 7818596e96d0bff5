/** The project's documents, with what they point at. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const project = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(project, path), 'utf8');

/** Texts by path. */
export const documents = new Map(globSync('{*.md,docs/**/*.md,bench/**/*.md,edge/verify/*.md}', { cwd: project }).filter((path) => !path.includes('node_modules')).sort().map((path) => [path, read(path)]));

const fence = /^[ \t]*```[^\n]*\n([\s\S]*?)^[ \t]*```/gm;

export interface Link { from: string; /** Path in the project. */ to: string; anchor: string | undefined }

/** Links to files of the project, anchors of the same document included. */
export function linksOf(from: string, text: string): Link[] {
  const prose = text.replace(fence, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/i.test(target)).map((target) => {
    const [path = '', anchor] = target.split('#');
    return { from, to: path === '' ? from : normalize(join(dirname(from), path)), anchor };
  });
}

/** Names that a document's headings can be linked by. */
export function anchorsOf(text: string): Set<string> {
  const headings = [...text.replace(fence, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(headings.map((heading) => heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').trim().replace(/\s/g, '-')));
}

/** Lines of the command line that stand in code: the words after `modelkeep`. */
export function commandLinesOf(text: string): string[] {
  const blocks = [...text.matchAll(fence)].flatMap(([, code = '']) => code.replace(/\\\n\s*/g, '').split('\n'));
  const spans = [...text.replace(fence, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...spans].flatMap((line) => line.split(/ # |[|;]|&&/)).flatMap((part) => {
    const [, words] = /(?<![\w./-])modelkeep((?: --(?:data|project) \S+)* [a-z].*)$/.exec(part) ?? [];
    return words === undefined ? [] : [words.trim()];
  });
}
