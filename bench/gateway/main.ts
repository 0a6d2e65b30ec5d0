/** The local gateway of a measurement, in a process of its own. It says where it is, and ends with its parent. */
import process from 'node:process';
import { resolveConfig } from '../../lib/config/config.ts';
import { startFakeProviders } from '../../local/fake-providers/server.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';
import { startGateway } from '../../local/gateway.ts';

const SETTINGS = {
  stage: 'bench',
  sources: { osigu: { provider: 'osigu' }, optum: { provider: 'optum' } },
  processor: { timeoutSeconds: 5, maxConcurrency: 2 },
};

const fakes = await startFakeProviders();
const gateway = await startGateway({ port: 0, config: resolveConfig(withFakeProviders(SETTINGS, fakes.url)) });

process.once('disconnect', () => {
  void Promise.all([gateway.stop(), fakes.stop()]).then(() => process.exit(0));
});
process.send?.({ url: gateway.url, aws: gateway.aws, fakeProviders: fakes.url });
