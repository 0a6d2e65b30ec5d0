import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { randomBytes, randomUUID } from 'node:crypto';
import { credentialsSecret } from '../../../lambdas/adapters/credentials.ts';
import { httpClient } from '../../../lambdas/adapters/http.ts';
import { secretVault } from '../../../lambdas/adapters/secret-vault.ts';
import { cachedSecrets } from '../../../lambdas/adapters/secrets.ts';
import type { Http } from '../../../lambdas/core/http/http.ts';
import { authorizedHttp } from '../../../lambdas/core/http/oauth.ts';
import type { Secrets } from '../../../lambdas/core/ports.ts';
import { rotate, ROTATION_STEPS } from '../../../lambdas/core/rotate/rotate.ts';
import { verify } from '../../../lambdas/core/receive/verify.ts';
import { optum } from '../../../lambdas/providers/optum/index.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import { LOCAL_CREDENTIALS, subscriptionOf, withFakeProviders } from '../../../local/fake-providers/settings.ts';
import { startFakeProviders } from '../../../local/fake-providers/server.ts';
import type { FakeProviders } from '../../../local/fake-providers/server.ts';
import type { StoredSecret } from '../../../local/services/stored-secret.ts';
import { startTestAws } from '../../local/test-aws.ts';
import type { TestAws } from '../../local/test-aws.ts';
import { recordingObserver } from '../core/in-memory.ts';

/** The process of the rotation function ends here, as far as it knows: after a call, before it hears of the answer. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Secrets Manager's stand-in, and Optum's: what the rotations of a test run between. */
export class RotationWorld {
  readonly aws: TestAws;
  readonly providers: FakeProviders;

  private constructor(aws: TestAws, providers: FakeProviders) {
    this.aws = aws;
    this.providers = providers;
  }

  static async start(): Promise<RotationWorld> {
    return new RotationWorld(await startTestAws(), await startFakeProviders());
  }

  async stop(): Promise<void> {
    await this.providers.stop();
    await this.aws.stop();
  }

  /** A new source, whose secret both sides agree on. */
  source(): RotatedSource {
    return new RotatedSource(this, `optum-${randomUUID().slice(0, 8)}`);
  }
}

/** A source at Optum whose secret rotates, and the deliveries that Optum signs meanwhile. */
export class RotatedSource {
  readonly secret: StoredSecret;
  /** Refused deliveries: none is to be. */
  readonly refused: string[] = [];
  /** The calls of the rotation, in order. */
  readonly calls: string[] = [];
  readonly #world: RotationWorld;
  readonly #options;
  readonly #credentials: StoredSecret;
  readonly #name: string;
  readonly #verifiers: Secrets[] = [];

  constructor(world: RotationWorld, name: string) {
    this.#world = world;
    this.#name = name;
    const settings = withFakeProviders({ sources: { [name]: { provider: 'optum' } } }, world.providers.url);
    const [source] = resolveConfig(settings).sources;
    if (!source) throw new Error('the configuration has no source');
    this.#options = source.options;
    const { store } = world.aws.services.secretsManager;
    this.secret = store.create(name);
    this.#credentials = store.create(`${name}-credentials`);
    store.put(this.#credentials, LOCAL_CREDENTIALS.client, ['AWSCURRENT']);
    store.put(this.secret, `first-secret-of-${name}`, ['AWSCURRENT']);
    this.optum.key = `first-secret-of-${name}`;
    this.addVerifier();
  }

  /** The secret that Optum has. */
  get optum() {
    return this.#world.providers.subscriptions.subscription(subscriptionOf(this.#name));
  }

  /** The value of the version with a label. */
  labelled(label: string): string | undefined {
    return this.withLabel(label)[0];
  }

  withLabel(label: string): string[] {
    return [...this.secret.versions.values()].filter(({ stages }) => stages.has(label)).map(({ value }) => value);
  }

  /** One more container of the verifier. Its time stands still: what it learns, it learns by reading again. */
  addVerifier(): void {
    const client = new SecretsManagerClient(this.#world.aws.client);
    const settings = { secretArn: this.secret.arn, previousGraceMs: 86_400_000, observer: recordingObserver() };
    this.#verifiers.push(cachedSecrets({ ...settings, clock: () => this.secret.createdAt, client }));
  }

  /** Optum delivers once to every container, signing with what it has. */
  async deliver(after: string): Promise<void> {
    for (const secrets of this.#verifiers) {
      if (!(await this.isAccepted(secrets, this.optum.key))) this.refused.push(after);
    }
  }

  async isAccepted(secrets: Secrets, key: string): Promise<boolean> {
    const body = Buffer.from(optum.sample({ id: randomUUID(), now: new Date() }));
    const url = 'https://gateway.example.com/webhooks/optum';
    const { headers: signed } = optum.scheme.sign({ url, body, secrets: [key], now: new Date() });
    const headers = new Map(Object.entries(signed).map(([header, value]) => [header, [value]]));
    const context = { now: new Date(), options: this.#options };
    const signature = optum.scheme.read({ method: 'POST', url, headers, body }, context);
    if (!signature.ok || 'keyFor' in signature.value) return false;
    const seen = await secrets.read();
    if (verify(signature.value, seen)) return true;
    const fresh = await secrets.reread(seen);
    return fresh !== undefined && verify(signature.value, fresh) !== undefined;
  }

  /**
   * Secrets Manager's rotation: the four steps, on new containers of the function. After each call that it makes, Optum
   * delivers; after the one whose number is `crashAfter` the function is gone.
   */
  async rotate(token: string, crashAfter = Infinity): Promise<void> {
    let made = 0;
    const called = async (call: string): Promise<void> => {
      this.calls.push(call);
      await this.deliver(call);
      if (++made === crashAfter) throw new Crash(call);
    };
    for (const step of ROTATION_STEPS) await rotate(step, token, this.#ports(called));
  }

  #ports(called: (call: string) => Promise<void>) {
    const client = new SecretsManagerClient(this.#world.aws.client);
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (input) => {
          try {
            return await next(input);
          } finally {
            await called(commandName ?? '');
          }
        },
      { step: 'initialize' },
    );
    const bounds = { timeoutMs: 2_000, totalMs: 5_000, retries: 0, maxBytes: 100_000, allowLoopback: true };
    const plain = httpClient(bounds);
    const http: Http = async (request) => {
      const answer = await plain(request);
      await called(`${request.method} ${new URL(request.url).pathname.split('/').at(1) ?? ''}`);
      return answer;
    };
    const clock = () => Date.now();
    const authorized = authorizedHttp(String(this.#options.tokenUrl), {
      http,
      clock,
      credentials: () => credentialsSecret(this.#credentials.arn, client).client(),
    });
    const call = () => ({ http: authorized, options: this.#options, now: new Date() });
    const { rotation } = optum;
    return {
      vault: secretVault(client, this.secret.arn),
      provider: {
        setSecret: (secret: string) => rotation.setSecret(secret, call()),
        check: () => rotation.check(call()),
      },
      newSecret: () => randomBytes(32).toString('hex'),
      // No verifier here has read the secret for a forger.
      pause: () => Promise.resolve(),
    };
  }
}
