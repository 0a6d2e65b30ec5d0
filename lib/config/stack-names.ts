import { createHash } from 'node:crypto';
import { sourceOf } from '../../lambdas/core/target.ts';

/*
 * How the stacks and what is in them are called, for everything that looks for them: without the CDK, which takes most of a second
 * to load and which an operator's command has no use for.
 */

/** The name of the gateway, and of the stack that all its sources share: `hookgate-dev`. */
export const stackName = ({ name, stage }: { readonly name: string; readonly stage: string }): string =>
  `${name}-${stage}`;

/**
 * The separator between the gateway's name and the name of a part. No gateway's name has it, so that no two gateways make one
 * name of two different parts.
 */
const IN = '--';

/** The name of the stack of one source, which has its targets too: `hookgate-dev--osigu`. */
export const sourceStackName = (gateway: string, source: string): string => gateway + IN + sourceOf(source);

/** The characters of the longest names that Lambda takes for a function, and X-Ray for a sampling rule. */
const FUNCTION_NAME_CHARACTERS = 64;
const SAMPLING_RULE_CHARACTERS = 32;

/**
 * The name of a source's verifier: `hookgate-dev--osigu--verifier`. It is the one function with a name of its own: the API leads a
 * route to it although it is in the stack of its source.
 */
export const verifierName = (gateway: string, source: string): string =>
  shortened([gateway, source, 'verifier'].join(IN), FUNCTION_NAME_CHARACTERS, 16);

/** The name of the gateway's sampling rule: the gateway's own name, as far as X-Ray takes it. */
export const samplingRuleName = (gateway: string): string => shortened(gateway, SAMPLING_RULE_CHARACTERS, 8);

/** The name, or its start and the start of its hash if it is longer than that: two long names stay different. */
function shortened(name: string, longest: number, hashed: number): string {
  if (name.length <= longest) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, hashed);
  return `${name.slice(0, longest - hashed - IN.length)}${IN}${hash}`;
}

/** The alias by which a version of a function is called, if new versions come into force gradually. */
export const ALIAS = 'live';

/** The separator between an alarm and the version of a function that it is about: no name of a source or an alarm has it. */
const OF_VERSION = '@';

/**
 * The name of an alarm of the gateway, or of one of its sources, perhaps of a version of a function: `hookgate-dev--osigu--dead-letters`,
 * `hookgate-dev--osigu--new-verifier-fails@12`.
 */
export const alarmName = (gateway: string, alarm: string, source?: string, version?: string): string =>
  [gateway, ...(source === undefined ? [] : [source]), alarm].join(IN) +
  (version === undefined ? '' : OF_VERSION + version);

/** The alarm that a name or its end is of, as the runbook has it: `new-verifier-fails`. */
export const alarmOf = (name: string): string => name.split(IN).at(-1)?.split(OF_VERSION)[0] ?? '';

/** The subject of an alarm, read from its name; undefined if it is not an alarm of the gateway. */
export function parseAlarmName(
  gateway: string,
  name: string,
): { readonly alarm: string; readonly source: string | null } | undefined {
  if (!name.startsWith(gateway + IN)) return undefined;
  const rest = name.slice(gateway.length + IN.length);
  // A source's name may have the separator; an alarm's has not.
  const end = rest.lastIndexOf(IN);
  return { alarm: alarmOf(rest), source: end < 0 ? null : rest.slice(0, end) };
}

/** The name of a source, or of its target, as a part of an environment variable's name: `OSIGU_SANDBOX`, `OSIGU_BILLING`. */
export const inVariable = (name: string): string => name.toUpperCase().replaceAll(/[-.]/g, '_');

/** The name of a source as the start of logical ids and outputs: `osigu-sandbox` is `OsiguSandbox`, and its target `OsiguSandboxToBilling`. */
export const pascalCase = (name: string): string =>
  name
    .replace('.', '-to-')
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
