/**
 * Ways out of a process, found in the text of a source file by TypeScript's own parser: imports of what can open a connection, start a program, listen,
 * or call the system past Node, and the globals that do the same. What only names a type counts for nothing, for it is not there at run time.
 */
import ts from 'typescript';

export type WayOut = 'connects' | 'listens' | 'spawns' | 'native' | 'loads';

interface Module { way: WayOut; /** Names that do something else, or nothing. */ names?: Record<string, WayOut | 'harmless'> }
const listening = { createServer: 'listens', Server: 'listens', createSecureServer: 'listens' } as const;
const modules: Record<string, Module> = {
  'node:net': { way: 'connects', names: { ...listening, isIP: 'harmless', isIPv4: 'harmless', isIPv6: 'harmless', BlockList: 'harmless' } },
  'node:tls': { way: 'connects', names: listening }, 'node:http': { way: 'connects', names: { ...listening, STATUS_CODES: 'harmless', METHODS: 'harmless' } },
  'node:https': { way: 'connects', names: listening }, 'node:http2': { way: 'connects', names: { ...listening, constants: 'harmless' } },
  'node:dgram': { way: 'connects' }, 'node:dns': { way: 'connects' }, 'node:dns/promises': { way: 'connects' }, 'node:quic': { way: 'connects' },
  'node:child_process': { way: 'spawns' }, 'node:cluster': { way: 'spawns' }, 'node:inspector': { way: 'listens' }, 'node:inspector/promises': { way: 'listens' },
  'node:module': { way: 'loads', names: { findPackageJSON: 'harmless', syncBuiltinESMExports: 'harmless' } }, 'node:vm': { way: 'loads' }, 'node:wasi': { way: 'native' }, 'node:process': { way: 'native' },
  'node:worker_threads': { way: 'loads' }, 'node:repl': { way: 'loads' },
  undici: { way: 'connects' }, pg: { way: 'connects' }, koffi: { way: 'native' },
};
/** Packages that open no connection by themselves. One that stands neither here nor above counts as a way out until somebody has looked. */
const quietPackages = new Set([
  'zod', 'kysely', 'yauzl', '@peculiar/x509', 'reflect-metadata', 'node-llama-cpp',
  // Of the studio: they draw, and ask through its own api/call.ts; the policy of its page allows no other origin. The bundler runs before any process does.
  'react', 'react-dom', '@fluentui/react-components', '@fluentui/react-icons', '@tanstack/react-query', '@tanstack/react-virtual', 'react-markdown', 'wouter', 'virtual:operations', 'vite',
]);
const globals: Record<string, WayOut> = {
  fetch: 'connects', WebSocket: 'connects', WebSocketStream: 'connects', EventSource: 'connects', XMLHttpRequest: 'connects', require: 'loads', eval: 'loads', Function: 'loads',
};
const members: Record<string, WayOut> = { binding: 'native', _linkedBinding: 'native', dlopen: 'native', getBuiltinModule: 'loads', sendBeacon: 'connects' };

const packageOf = (name: string): string => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/');
const isOwn = (name: string): boolean => name.startsWith('.') || name.startsWith('#');

/** `names`: what is imported by name; undefined for the whole module. */
function waysOf(name: string, names: string[] | undefined): WayOut[] {
  if (isOwn(name)) return [];
  const builtin = modules[name] ?? modules[`node:${name}`];
  if (builtin) return (names ?? ['*']).flatMap((each) => { const way = builtin.names?.[each] ?? builtin.way; return way === 'harmless' ? [] : [way]; });
  if (name.startsWith('node:')) return [];
  return quietPackages.has(packageOf(name)) ? [] : ['connects'];
}

function importedNames(clause: ts.ImportClause | undefined): string[] | undefined {
  const bindings = clause?.namedBindings;
  if (!clause || clause.name || !bindings || !ts.isNamedImports(bindings)) return undefined;
  return bindings.elements.filter((element) => !element.isTypeOnly).map((element) => (element.propertyName ?? element.name).text);
}

function ofDeclaration(node: ts.ImportDeclaration | ts.ExportDeclaration): WayOut[] {
  const name = node.moduleSpecifier;
  if (!name || !ts.isStringLiteral(name)) return [];
  if (ts.isExportDeclaration(node)) return node.isTypeOnly ? [] : waysOf(name.text, undefined);
  return node.importClause?.isTypeOnly ? [] : waysOf(name.text, importedNames(node.importClause));
}

function ofImportCall(node: ts.CallExpression): WayOut[] {
  const [name] = node.arguments;
  return name && ts.isStringLiteralLike(name) ? waysOf(name.text, undefined) : ['loads'];
}

/** Whether an identifier is used as a value of its own, rather than named as a property, a key or a type. */
function isUsed(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return ts.isIdentifier(parent.expression) && ['globalThis', 'global'].includes(parent.expression.text);
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent) || ts.isExpressionWithTypeArguments(parent)) return false;
  return !((ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isPropertyDeclaration(parent)) && parent.name === node);
}

function ofNode(node: ts.Node): WayOut[] {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return ofDeclaration(node);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return ofImportCall(node);
  if (ts.isIdentifier(node) && Object.hasOwn(globals, node.text) && isUsed(node)) return [globals[node.text] ?? 'connects'];
  if (ts.isPropertyAccessExpression(node) && Object.hasOwn(members, node.name.text) && ts.isIdentifier(node.expression) && ['process', 'navigator'].includes(node.expression.text)) return [members[node.name.text] ?? 'native'];
  // The object of all globals under another name would hide them.
  if (ts.isIdentifier(node) && (node.text === 'globalThis' || node.text === 'global') && isUsed(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node)) return ['loads'];
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression) && ['process', 'globalThis'].includes(node.expression.text)) return ['loads'];
  return [];
}

export function waysOut(path: string, text: string): WayOut[] {
  const found = new Set<WayOut>();
  const visit = (node: ts.Node): void => { for (const way of ofNode(node)) found.add(way); ts.forEachChild(node, visit); };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS));
  return [...found].sort();
}
