import { ENV } from '../lambdas/contract.ts';
import type { RestApi } from './api/rest-api.ts';
import type { FunctionConfig } from './lambda/function-config.ts';
import { TemplateError } from './template/template.ts';

/** A source of the running gateway. */
export interface LocalSource {
  readonly name: string;
  readonly provider: string;
  /** The URL to deliver to. */
  readonly url: string;
  readonly secretArn: string;
  readonly queueUrl: string;
  readonly quarantineUrl: string;
}

/** A target of the running gateway: a source of its own behind its queue. */
export interface LocalTarget {
  /** `osigu.billing`. */
  readonly name: string;
  readonly queueUrl: string;
}

/** The names of the gateway's parts, read from the functions' environment: what is inspected is what they use. */
export interface Wiring {
  readonly sources: readonly LocalSource[];
  readonly targets: readonly LocalTarget[];
  readonly ledgerTable: string;
}

/**
 * Reads the wiring from the verifiers: the functions that the sources' routes lead to. A poller that keeps a registration alive knows
 * the signing secret too. The sources are in the given order, which is the configuration's.
 */
export function readWiring(
  functions: readonly FunctionConfig[],
  api: RestApi,
  url: string,
  order: readonly { readonly name: string }[],
): Wiring {
  const routed = new Map(api.routes.map(({ target, resource }) => [target, resource]));
  const verifiers = order.map(({ name }) => {
    const verifier = functions.find((each) => each.environment[ENV.source] === name && routed.has(each));
    if (!verifier) throw new TemplateError(`no route leads to a function of ${name}`);
    return verifier;
  });
  const [first] = verifiers;
  if (!first) throw new TemplateError('the template has no verifier');
  return {
    ledgerTable: variable(first, 'ledgerTable'),
    targets: functions
      .filter(({ environment }) => environment[ENV.target] !== undefined)
      .map((processor) => ({ name: variable(processor, 'source'), queueUrl: variable(processor, 'queueUrl') })),
    sources: verifiers.map((verifier) => ({
      name: variable(verifier, 'source'),
      provider: variable(verifier, 'provider'),
      url: `${url}${routed.get(verifier) ?? ''}`,
      secretArn: variable(verifier, 'secretArn'),
      queueUrl: variable(verifier, 'queueUrl'),
      quarantineUrl: variable(verifier, 'quarantineUrl'),
    })),
  };
}

function variable({ name, environment }: FunctionConfig, key: keyof typeof ENV): string {
  const value = environment[ENV[key]];
  if (value === undefined) throw new TemplateError(`${name} lacks the environment variable ${ENV[key]}`);
  return value;
}
