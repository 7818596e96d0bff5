// Lint at error level: promise safety, no unsafe types, and the room rules that are about single lines rather than imports.
import tseslint from 'typescript-eslint';

const oneEnvironmentReader = {
  'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'process.env is read in one file per process: config.ts.' }],
};

export default tseslint.config(
  { ignores: ['node_modules/', 'docs/', 'data/', 'bench/.peers/', 'edge/studio/dist*/', '.dependency-cruiser.cjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-extraneous-class': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['never-sees-content/**', 'holds-keys/**', 'sees-content/**'], rules: oneEnvironmentReader },
  { files: ['**/config.ts', '**/*.test.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    // Tests: node:test returns promises that the runner itself awaits.
    files: ['**/*.test.ts', 'testing/**', 'bench/**'],
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [{ from: 'package', name: ['test', 'describe', 'it', 'before', 'after', 'suite'], package: 'node:test' }] }],
      '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-member-access': 'off', '@typescript-eslint/no-unsafe-call': 'off',
      // Public SDKs mark what most of their users still send as deprecated; that is what is tested.
      '@typescript-eslint/no-deprecated': 'off', '@typescript-eslint/no-unnecessary-type-parameters': 'off', '@typescript-eslint/no-misused-spread': 'off', '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off', '@typescript-eslint/no-unsafe-return': 'off', 'no-console': 'off',
    },
  },
  { files: ['edge/cli/**', 'tools/**'], rules: { 'no-console': 'off' } },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['bin/**', 'edge/studio/build.mjs'], rules: { 'no-console': 'off' } },
);
