/*
 * How the stack and what is in it are called, for everything that looks for them: without the CDK, which takes most of a second
 * to load and which an operator's command has no use for.
 */

/** The stack's name: `hookgate-dev`. */
export const stackName = ({ name, stage }: { readonly name: string; readonly stage: string }): string =>
  `${name}-${stage}`;

/** The name of a source as the start of logical ids and outputs: `osigu-sandbox` is `OsiguSandbox`. */
export const pascalCase = (name: string): string =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
