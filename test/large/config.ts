import { resolveConfig } from '../../lib/config/config.ts';
import type { HookgateConfig } from '../../lib/config/config.ts';
import type { Settings } from '../../lib/config/settings.ts';
import type { SourceSettings } from '../../lib/config/source-settings.ts';
import { providers } from '../../lambdas/providers/index.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';

/** The providers whose API is called: a tenth of the sources is of each. */
const WITH_API = ['optum', 'nvsep'];
const HANDLER = 'examples/eligibility-handler.ts';

/** A configuration of so many mixed sources: a fifth poll, a tenth have handlers of their own, and silence is an alarm of all. */
export function mixedConfig(count: number): HookgateConfig {
  const plain = [...providers.keys()].filter((name) => !WITH_API.includes(name));
  const sources = Array.from({ length: count }, (_, index): [string, SourceSettings] => {
    const tenth = Math.floor((10 * index) / count);
    const provider = WITH_API[tenth] ?? plain[index % plain.length] ?? 'osigu';
    const handler = tenth === 2 ? { handler: HANDLER } : {};
    return [`source-${index}`, { provider, silenceAlarmHours: 24, ...handler }];
  });
  const settings: Settings = { stage: 'dev', sources: Object.fromEntries(sources) };
  return resolveConfig(withFakeProviders(settings, 'https://api.example.com'));
}
