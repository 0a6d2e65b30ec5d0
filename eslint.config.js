import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['cdk.out/', '.hookgate/', 'coverage/', 'dist/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
    },
  },
  {
    // The core and the providers are pure: time, randomness, settings and the network are passed in.
    files: ['lambdas/core/**/*.ts', 'lambdas/providers/**/*.ts'],
    rules: {
      // A parsed value can be an object that has no text, such as {"toString":1}: String() of it throws.
      '@typescript-eslint/no-base-to-string': ['error', { checkUnknown: true }],
      'no-restricted-globals': [
        'error',
        ...['process', 'globalThis', 'global', 'performance', 'crypto', 'fetch', 'console'],
        ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Time is an argument.' },
        { selector: 'CallExpression[callee.name="Date"]', message: 'Time is an argument.' },
        { selector: 'ImportSpecifier[imported.name=/^(random|generate|webcrypto)/]', message: 'Pass randomness in.' },
        {
          selector:
            'ImportDeclaration[source.value=/^node:/] > :matches(ImportNamespaceSpecifier, ImportDefaultSpecifier)',
          message: 'Import what you need by name.',
        },
        {
          // JSON.stringify overflows the stack on what nests deep, and so a sender could have an event refused for ever.
          selector: `:matches(CallExpression[callee.name=/^(sha256|eachOf|eachLine|fingerprintOf)$/], Property[key.name='readEvents'], FunctionDeclaration[id.name=/^read/], VariableDeclarator[id.name=/^read/]) CallExpression[callee.object.name='JSON'][callee.property.name='stringify']`,
          message: "Take a sender's own text, or writeJson of core/json.ts.",
        },
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', module: 'writable' } },
  },
  prettier,
);
