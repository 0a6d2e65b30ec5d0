import { setTimeout as sleep } from 'node:timers/promises';
import { localSecret } from '../../cli/local-gateway.ts';
import type { GatewayProcess } from './gateway-process.ts';

/** A container that has just looked for a new secret looks again after this time. */
const KNOWN_EVERYWHERE_MS = 16_000;

/** The secrets that the providers sign with, and their rotation by the operator's own commands. */
export class Rotation {
  readonly #gateway: GatewayProcess;
  readonly #replaced = new Map<string, string>();
  count = 0;

  constructor(gateway: GatewayProcess) {
    this.#gateway = gateway;
  }

  secretOf = (source: string): string => this.#replaced.get(source) ?? localSecret(source, {});

  /** Stage, wait, have the provider sign with the new secret, promote: as docs/secrets.md says. */
  async rotate(source: string): Promise<void> {
    const secret = `rotated-${source}-${Date.now()}`;
    await this.#gateway.ops(['secret', 'stage', source], secret);
    await sleep(KNOWN_EVERYWHERE_MS);
    this.#replaced.set(source, secret);
    await sleep(KNOWN_EVERYWHERE_MS);
    await this.#gateway.ops(['secret', 'promote', source]);
    this.count++;
  }
}
