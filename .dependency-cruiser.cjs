/**
 * The directions in which code may import (docs/architecture.md):
 *
 *     handler → adapters → core ← providers        bench, bin → local → cli → lib → lambdas/{contract, core, providers, adapters}
 *
 * `npm run check` applies these rules; test/import-directions.thorough.test.ts does too, and proves that each of them bites.
 */

/** A package by name, whether it is installed or not. */
const packages = (...names) => `(^|node_modules/)(${names.join('|')})(/|$)`;
const PURE_BUILTINS = '^(node:)?(crypto|buffer|zlib)$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'core-is-pure',
      comment:
        'core/ imports itself, node:crypto, node:buffer and node:zlib: everything else reaches it through a port.',
      severity: 'error',
      from: { path: '^lambdas/core/' },
      to: { pathNot: ['^lambdas/core/', PURE_BUILTINS] },
    },
    {
      name: 'providers-are-pure',
      comment:
        'A provider imports core/, its neighbours, node:crypto, node:buffer and node:zlib. Time and options are arguments.',
      severity: 'error',
      from: { path: '^lambdas/providers/' },
      to: { pathNot: ['^lambdas/(core|providers)/', PURE_BUILTINS] },
    },
    {
      name: 'contract-imports-nothing',
      comment: 'The names that lib/ and lambdas/ share must not draw anything into either of them.',
      severity: 'error',
      from: { path: '^lambdas/contract\\.ts$' },
      to: {},
    },
    {
      name: 'adapters-know-no-provider-and-no-handler',
      comment:
        'An adapter puts a port of core/ on an AWS client, for every provider and handler alike. ' +
        'provider-by-name.ts alone looks into the registry; a bundle has its own provider in the place of that file.',
      severity: 'error',
      from: { path: '^lambdas/adapters/', pathNot: '^lambdas/adapters/provider-by-name\\.ts$' },
      to: { path: '^lambdas/', pathNot: '^lambdas/(adapters/|core/|contract\\.ts$)' },
    },
    {
      name: 'lambdas-know-no-desk',
      comment: 'What runs in Lambda imports nothing of what runs at a desk.',
      severity: 'error',
      from: { path: '^lambdas/' },
      to: { path: '^(lib|cli|local|bin|bench|test|examples)/|^hookgate\\.config\\.ts$' },
    },
    {
      name: 'lambdas-bundle-no-desk-package',
      comment: 'The CDK has no place in a function, and zod costs it 8 ms of every cold start: both belong to lib/.',
      severity: 'error',
      from: { path: '^lambdas/' },
      to: { path: packages('aws-cdk-lib', 'constructs', 'zod', 'commander', 'cli-table3') },
    },
    {
      name: 'desk-names-handlers-by-path',
      comment:
        'Importing a handler would run it: the code at a desk knows contract, core, providers and adapters only.',
      severity: 'error',
      from: { path: '^(lib|cli|local|bin)/' },
      to: { path: '^lambdas/', pathNot: '^lambdas/((core|providers|adapters)/|contract\\.ts$)' },
    },
    {
      name: 'lib-is-the-cdk-app',
      comment: 'lib/ is what is deployed: it knows neither the operator at a terminal nor the gateway on one machine.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(cli|local|bench)/' },
    },
    {
      name: 'cli-runs-against-any-gateway',
      comment: 'A command reaches the local gateway as it reaches a deployed one: from outside, over HTTP.',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^(local|bench)/' },
    },
    {
      name: 'local-knows-no-benchmark',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: '^bench/' },
    },
    {
      name: 'console-stands-apart',
      comment:
        'The pages run in a browser and talk over HTTP: of the rest they take types, and how texts are shown. ' +
        'A package of theirs is never needed by anything else.',
      severity: 'error',
      from: { path: '^console/' },
      to: {
        path: '^(bin|cli|local|lib|lambdas|bench|examples)/|^(node:)?(fs|path|crypto|http|child_process)',
        pathNot: '^cli/text/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nothing-imports-the-console',
      comment: 'The bundler alone reads the pages.',
      severity: 'error',
      from: { pathNot: '^console/' },
      to: { path: '^console/' },
    },
    {
      name: 'nothing-imports-the-package',
      comment: 'package/ is what customers import, and how that is made. examples/ shows how they do.',
      severity: 'error',
      from: { pathNot: '^(package|test|examples)/' },
      to: { path: '^package/' },
    },
    {
      name: 'bin-starts-things-and-nothing-else',
      comment: 'Code that is worth importing belongs to cli/, local/ or lib/.',
      severity: 'error',
      from: { pathNot: '^bin/' },
      to: { path: '^bin/' },
    },
    {
      name: 'code-imports-no-test',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'tests-have-their-own-configuration',
      comment: "hookgate.config.ts is the customer's: whatever is in it, the tests run with test/settings.ts.",
      severity: 'error',
      from: { path: '^(test|bench)/', pathNot: '^test/customer-configuration\\.test\\.ts$' },
      to: { path: '^(hookgate\\.config|lib/load-config)\\.ts$' },
    },
    {
      name: 'no-dev-dependency-in-a-lambda',
      comment: 'A type may come from a development dependency, code may not.',
      severity: 'error',
      from: { path: '^lambdas/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circle',
      comment: 'What is in a circle can only be read all at once. A type import closes a circle too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment:
        'An import that cannot be resolved cannot be judged either. ' +
        "#customer-handler is the customer's file: the bundler puts it in.",
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^#customer-handler$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Type imports count: a type is a dependency too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
