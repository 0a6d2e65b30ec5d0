import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { resolveConfig } from '../../../lib/config/config.ts';
import type { Settings } from '../../../lib/config/settings.ts';
import type { SourceConfig } from '../../../lib/config/config.ts';
import { startGateway } from '../../../local/gateway.ts';
import type { LocalGateway } from '../../../local/gateway.ts';
import { Load } from './gateway-under-load.ts';
import { opsOn } from './run-ops.ts';

export interface VersionStatus {
  readonly label: string;
  readonly versionId: string;
  readonly lastMatchedAt: string | null;
}

/** A gateway for the tests of a file, and the commands that change its secrets. */
export function secretsGateway(settings: Settings, environment: Readonly<Record<string, string>> = {}) {
  const config = resolveConfig(settings);
  let gateway: LocalGateway;
  let ops: ReturnType<typeof opsOn>;
  const loads: Load[] = [];

  beforeAll(async () => {
    gateway = await startGateway({ port: 0, config, environment });
    ops = opsOn(gateway.url, config);
  }, 120_000);
  afterEach(async () => {
    await Promise.all(loads.splice(0).map((load) => load.stop()));
    await fetch(`${gateway.url}/_local/faults`, { method: 'DELETE' });
  });
  afterAll(() => gateway.stop(), 30_000);

  function sourceNamed(name: string): SourceConfig {
    const source = config.sources.find((candidate) => candidate.name === name);
    if (!source) throw new Error(`there is no source ${name}`);
    return source;
  }

  /** Runs a command that is to succeed. */
  async function done(line: string, input?: string): Promise<string> {
    const { code, text, error } = await ops(line, input);
    expect({ line, code, error }).toEqual({ line, code: 0, error: '' });
    return text;
  }

  return {
    config,
    url: () => gateway.url,
    ops: (line: string, input?: string) => ops(line, input),
    done,
    /** A load that ends with its test, whatever comes of that. */
    loadOf: (name: string, senders?: number): Load => {
      const load = new Load(gateway.url, sourceNamed(name), `local-secret-${name}`, senders);
      loads.push(load);
      return load;
    },
    status: async (source: string): Promise<readonly VersionStatus[]> => {
      const [found] = JSON.parse(await done(`secret status ${source} --json`)) as { versions: VersionStatus[] }[];
      return found?.versions ?? [];
    },
  };
}
