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

/** The names of the gateway's parts, read from the functions' environment: what is inspected is what they use. */
export interface Wiring {
  readonly sources: readonly LocalSource[];
  readonly ledgerTable: string;
}

/**
 * Reads the wiring from the verifiers: the functions that know a signing secret and a queue to send to. The sources are in the given
 * order, which is the configuration's.
 */
export function readWiring(
  functions: readonly FunctionConfig[],
  api: RestApi,
  url: string,
  order: readonly { readonly name: string }[],
): Wiring {
  const verifiers = order.flatMap(({ name }) =>
    functions.filter(
      ({ environment }) =>
        environment[ENV.source] === name &&
        [ENV.secretArn, ENV.queueUrl, ENV.provider].every((variable) => variable in environment),
    ),
  );
  const [first] = verifiers;
  if (!first) throw new TemplateError('the template has no verifier');
  return {
    ledgerTable: variable(first, 'ledgerTable'),
    sources: verifiers.map((verifier) => {
      const route = api.routes.find(({ target }) => target === verifier);
      if (!route) throw new TemplateError(`no route leads to ${verifier.name}`);
      return {
        name: variable(verifier, 'source'),
        provider: variable(verifier, 'provider'),
        url: url + route.resource,
        secretArn: variable(verifier, 'secretArn'),
        queueUrl: variable(verifier, 'queueUrl'),
        quarantineUrl: variable(verifier, 'quarantineUrl'),
      };
    }),
  };
}

function variable({ name, environment }: FunctionConfig, key: keyof typeof ENV): string {
  const value = environment[ENV[key]];
  if (value === undefined) throw new TemplateError(`${name} lacks the environment variable ${ENV[key]}`);
  return value;
}
