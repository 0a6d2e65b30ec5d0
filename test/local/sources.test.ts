import { expect, it } from '@jest/globals';
import { ENV } from '../../lambdas/contract.ts';
import type { RestApi } from '../../local/api/rest-api.ts';
import type { FunctionConfig } from '../../local/lambda/function-config.ts';
import { readWiring } from '../../local/sources.ts';

const variables = (source: string, secret: string) => ({
  ...{ [ENV.source]: source, [ENV.provider]: 'microsoft-graph', [ENV.secretArn]: secret, [ENV.ledgerTable]: 'ledger' },
  ...{ [ENV.queueUrl]: 'queue', [ENV.quarantineUrl]: 'quarantine' },
});
const named = (name: string, environment: Readonly<Record<string, string>>) =>
  ({ name, environment }) as unknown as FunctionConfig;
const apiTo = (...targets: readonly FunctionConfig[]) =>
  ({ routes: targets.map((target) => ({ target, resource: `/webhooks/${target.name}` })) }) as unknown as RestApi;

it('knows a verifier by its route: a poller that keeps a registration alive has the signing secret too', () => {
  const poller = named('poller', variables('a', 'secret of the poller'));
  const verifier = named('verifier', variables('a', 'secret'));
  const { sources } = readWiring([poller, verifier], apiTo(verifier), 'http://localhost', [{ name: 'a' }]);
  expect(sources).toMatchObject([{ name: 'a', secretArn: 'secret', url: 'http://localhost/webhooks/verifier' }]);
});

it('refuses a source that no route leads to', () => {
  const poller = named('poller', variables('a', 'secret'));
  expect(() => readWiring([poller], apiTo(), '', [{ name: 'a' }])).toThrow('no route leads to a function of a');
  expect(() => readWiring([], apiTo(), '', [])).toThrow('the template has no verifier');
});

it('knows a target by its processor, which the processor of its source is not', () => {
  const verifier = named('verifier', variables('a', 'secret'));
  const processor = named('processor', { ...variables('a', 'secret'), [ENV.targets]: '[]' });
  const target = named('target', { ...variables('a.b', 'secret'), [ENV.target]: 'arn', [ENV.queueUrl]: 'its queue' });
  const { targets } = readWiring([verifier, processor, target], apiTo(verifier), '', [{ name: 'a' }]);
  expect(targets).toStrictEqual([{ name: 'a.b', queueUrl: 'its queue' }]);
});
