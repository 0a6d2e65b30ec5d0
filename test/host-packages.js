// Jest evaluates every package again for each suite, in a context of its own. The CDK takes some seconds of that in each of thirty
// suites, and Jest's own helpers a tenth of a second in each of all: with this runtime Node itself loads them, once for all suites of
// a worker. None of them keeps a state that a suite could see.
import Runtime from 'jest-runtime';
import { createRequire } from 'node:module';

const SHARED = 'aws-cdk-lib|constructs|cdk-nag|semver|source-map|micromatch|ajv|@babel/code-frame|react-is';
/** An import of such a package by its name, and the path to which Jest has resolved it. */
const NAME = new RegExp(`^(${SHARED})(/|$)`);
const PATH = new RegExp(`[\\\\/]node_modules[\\\\/](${SHARED})[\\\\/]`);

export default class HostPackages extends Runtime.default {
  requireModule(from, moduleName, ...rest) {
    return moduleName !== undefined && (NAME.test(moduleName) || PATH.test(moduleName))
      ? createRequire(from)(moduleName)
      : super.requireModule(from, moduleName, ...rest);
  }

  // The names that an import finds in such a package: Node has it loaded, so that its text need not be read for them.
  getExportsOfCjs(modulePath) {
    return PATH.test(modulePath)
      ? new Set(Object.keys(createRequire(import.meta.url)(modulePath)))
      : super.getExportsOfCjs(modulePath);
  }
}
