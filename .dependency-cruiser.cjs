// Import law: a room is a folder, and what it may import is what its process may hold. Type-only imports count.
const rooms = ['edge', 'never-sees-content', 'holds-keys', 'sees-content'];
const roomRule = (room) => ({
  name: `${room}-imports-contract-and-itself`, severity: 'error',
  comment: `${room}/ may import contract/ and itself, no other room.`,
  from: { path: `^${room}/`, pathNot: '(\\.test|-under-test)\\.ts$' },
  to: { pathNot: `^(${room}/|contract/)|(^|/)node_modules/|^virtual:operations$`, dependencyTypesNot: ['core'] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rooms.map(roomRule),
    { name: 'verifier-stands-alone', severity: 'error', comment: 'edge/verify/ trusts nothing of what it checks, and runs in a browser but for its main.ts.',
      from: { path: '^edge/verify/(?!main|bin)', pathNot: '\\.test\\.ts$' }, to: { pathNot: '^edge/verify/' } },
    { name: 'studio-has-no-schemas', severity: 'error', comment: 'The studio takes types from contract/, and no code: the schemas and their library stay out of the browser. Plain data may come along.',
      from: { path: '^edge/studio/(?!vite\\.config)', pathNot: '\\.test\\.ts$' }, to: { path: '^contract/(?!promises|error-codes|row-reasons)', dependencyTypesNot: ['type-only'] } },
    { name: 'studio-has-no-machine', severity: 'error', comment: 'The studio runs in a browser.', from: { path: '^edge/studio/(?!vite\\.config|build\\.mjs)', pathNot: '\\.test\\.ts$' }, to: { dependencyTypes: ['core'] } },
    { name: 'only-the-studio-has-browser-libraries', severity: 'error', comment: 'What is bundled for the browser, or bundles it, is not loaded by any process of the installation.',
      from: { path: '^(contract|edge/(?!studio/)|never-sees-content|holds-keys|sees-content)/' }, to: { path: '(^|/)node_modules/(react|react-dom|@fluentui|@griffel|vite|rolldown|wouter|@tanstack|react-markdown)/' } },
    { name: 'contract-imports-nothing', severity: 'error', from: { path: '^contract/', pathNot: '(\\.test|-under-test)\\.ts$' }, to: { pathNot: '^contract/|(^|/)node_modules/', dependencyTypesNot: ['core'] } },
    { name: 'contract-has-no-machine', severity: 'error', comment: 'contract/ also runs in a browser.', from: { path: '^contract/', pathNot: '(\\.test|-under-test)\\.ts$' }, to: { dependencyTypes: ['core'] } },
    { name: 'contract-needs-only-zod', severity: 'error', from: { path: '^contract/', pathNot: '(\\.test|-under-test)\\.ts$' }, to: { path: '(^|/)node_modules/', pathNot: '(^|/)node_modules/zod/' } },
    { name: 'nothing-imports-testing', severity: 'error', from: { pathNot: '^(testing|bench)/|(\\.test|-under-test)\\.ts$' }, to: { path: '^(testing|bench)/' } },
    { name: 'only-storage-talks-to-postgres', severity: 'error', from: { pathNot: '^(never-sees-content/storage/|testing/)' }, to: { path: '(^|/)node_modules/(pg|@types/pg)/' } },
    { name: 'only-sees-content-loads-engines', severity: 'error', from: { pathNot: '^(sees-content|testing)/' }, to: { path: '(^|/)node_modules/(node-llama-cpp|@node-llama-cpp)/' } },
    { name: 'only-servers-listen', severity: 'error', comment: 'Only the gateway, control, custody and the audit (its own engine, on the loopback address) open listening sockets; the worker serves an inherited one.',
      from: { path: '^(edge|never-sees-content/(?!server|supervisor|audit/engine)|sees-content/(?!gateway|inference-worker|worker-host))' , pathNot: '(\\.test|-under-test)\\.ts$' }, to: { path: '^(node:)?(http|https|http2|net|tls)$', dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] } },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^virtual:operations$' } },
    { name: 'no-dev-dependencies-in-product', severity: 'error', from: { path: '^(contract|edge|never-sees-content|holds-keys|sees-content)/', pathNot: '(\\.test|-under-test)\\.ts$' }, to: { dependencyTypes: ['npm-dev'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^edge/studio/dist' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'] },
  },
};
