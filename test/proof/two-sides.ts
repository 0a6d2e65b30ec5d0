import { ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Http, HttpRequest, HttpResponse } from '../../lambdas/core/http/http.ts';
import { secretsManager } from '../../local/services/secrets-manager.ts';
import type { SecretVersion } from '../../local/services/stored-secret.ts';
import { EVERY_FAULT, READ_FAULTS } from './faults.ts';
import type { Call } from './faults.ts';
import type { Simulation } from './simulation.ts';

/** The place where the updates of the subscription, and its tokens, are asked for. */
export const ROTATION_OPTIONS = {
  baseUrl: 'https://api.example.com',
  tokenUrl: 'https://api.example.com/token',
  updatePath: '/subscription',
  ...{ tenantId: 'tenant', subscriptionId: 'subscription' },
};

const CURRENT = 'AWSCURRENT';
const SUBSCRIPTION = { url: 'https://hooks.example.com/webhooks/optum', eventNames: ['payment'] };

/** A signing secret on its two sides: Secrets Manager with its staging labels, and Optum, which signs with what it was told. */
export class TwoSides {
  readonly secret;
  readonly credentials;
  /** The secret that Optum signs with. */
  key = 'the-first-secret';
  /** Optum answers the next update with 400. */
  refusesOnce = false;
  readonly #simulation: Simulation;
  readonly #manager;
  #current: SecretVersion | undefined;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#manager = secretsManager({ region: 'region', accountId: '000000000000', clock: simulation.clock });
    const { store } = this.#manager;
    this.secret = store.create('optum');
    this.credentials = store.create('credentials');
    store.put(this.secret, this.key, [CURRENT], 'first'.padEnd(32, '-'));
    store.put(this.credentials, '{"clientId":"id","clientSecret":"secret"}', [CURRENT], 'c'.repeat(32));
    this.#current = this.#withLabel()[0];
  }

  /** The value of the current version. */
  get current(): string | undefined {
    return this.#current?.value;
  }

  /** Secrets Manager as one function sees it: the local gateway's stand-in behind the AWS client. */
  manager(call: Call): SecretsManagerClient {
    const send = (command: { readonly input: object }): Promise<unknown> => {
      const action = command.constructor.name.replace('Command', '');
      const { VersionStage: label = '' } = command.input as { readonly VersionStage?: string };
      return call(`${action} ${label}`, () => this.#execute(action, command.input), {
        faults: action.startsWith('Get') ? READ_FAULTS : EVERY_FAULT,
      });
    };
    return { send } as unknown as SecretsManagerClient;
  }

  /** Optum's API as one function sees it. */
  http(call: Call): Http {
    return (request) =>
      call(`${request.method} ${request.url}`, () => this.#answer(request), {
        faults: request.method === 'PUT' ? EVERY_FAULT : READ_FAULTS,
      });
  }

  state = (): string =>
    JSON.stringify([
      this.key,
      this.refusesOnce,
      [...this.secret.versions.values()].map(({ id, value, createdAt, stages }) => [id, value, createdAt, [...stages]]),
    ]);

  #execute(action: string, input: object): unknown {
    const request = { service: 'secretsmanager', action, method: 'POST', path: '/', headers: {} };
    const answer = this.#manager.handle({ ...request, body: Buffer.from(JSON.stringify(input)) });
    if (answer instanceof Promise) throw new Error('the stand-in does not answer at once');
    const output = JSON.parse(answer.body.toString()) as { readonly __type?: string; readonly CreatedDate?: number };
    this.#check();
    if (output.__type === 'ResourceNotFoundException')
      throw new ResourceNotFoundException({ message: output.__type, $metadata: {} });
    if (output.__type !== undefined) throw Object.assign(new Error(output.__type), { name: output.__type });
    return { ...output, ...(output.CreatedDate && { CreatedDate: new Date(output.CreatedDate * 1000) }) };
  }

  #answer({ method, url, body = '' }: HttpRequest): HttpResponse {
    if (url === ROTATION_OPTIONS.tokenUrl) return answer({ access_token: 'token', expires_in: 3600 });
    if (method === 'GET') return answer(SUBSCRIPTION);
    if (this.refusesOnce) {
      this.refusesOnce = false;
      return { ...answer({}), status: 400 };
    }
    const update = JSON.parse(body) as typeof SUBSCRIPTION & { readonly auth: { readonly apiKey: { key: string } } };
    const isKept = update.url === SUBSCRIPTION.url && update.eventNames.join() === SUBSCRIPTION.eventNames.join();
    this.#simulation.promise(isKept, () => 'the rotation changed the subscription');
    this.key = update.auth.apiKey.key;
    this.#check();
    return answer({});
  }

  /** The promises that hold at every moment. */
  #check(): void {
    const [current, ...others] = this.#withLabel();
    const isOne = current !== undefined && others.length === 0;
    this.#simulation.promise(isOne, () => 'there is not exactly one current version');
    if (current !== this.#current)
      this.#simulation.promise(
        current?.value === this.key,
        () => 'a secret became the current one that Optum does not sign with',
      );
    this.#current = current;
  }

  #withLabel = (): SecretVersion[] => [...this.secret.versions.values()].filter(({ stages }) => stages.has(CURRENT));
}

const answer = (body: unknown): HttpResponse => ({ status: 200, headers: new Map(), body: JSON.stringify(body) });
