import { Deliveries } from './deliveries.ts';
import type { Mail } from './deliveries.ts';
import type { Bounds } from './budget.ts';
import type { Scenario } from './explore.ts';
import { Gateway } from './gateway.ts';
import type { GatewaySettings, Surroundings } from './gateway.ts';
import { Processor } from './processor.ts';
import type { Product } from './product.ts';
import { TimeToLive } from './time-to-live.ts';

/** Milliseconds. The window is the default's shortest; the hour leaves room for a delivery's own retries. */
const WINDOW_MS = 14 * 86_400_000;
export const AFTER_THE_WINDOW = WINDOW_MS + 3_600_000;

/** A scenario with its two bounds: what `npm test` has time for, and what `npm run prove` explores. */
export interface BoundedScenario extends Scenario {
  readonly small: Bounds;
}

export type Actor = (gateway: Gateway) => Surroundings;

export const providers =
  (...mails: readonly Mail[]): Actor =>
  (gateway) =>
    new Deliveries(gateway, mails);
export const processor: Actor = (gateway) => new Processor(gateway);
export const timeToLive: Actor = (gateway) => new TimeToLive(gateway);

export const bounds = (faults: number, delays: number, switches: number): Bounds => ({ faults, delays, switches });
/** The same, without faults before an operator begins. */
export const calmAtFirst = (limits: Bounds): Bounds => ({ ...limits, isCalmAtFirst: true });
export const UNLIMITED = Infinity;

type MakeScenario = (
  name: string,
  about: string,
  small: Bounds,
  large: Bounds,
  surroundings: readonly Actor[],
  settings?: Omit<GatewaySettings, 'product' | 'surroundings'>,
) => BoundedScenario;

/** Puts a gateway of this product on the stage, with those who act on it. */
export const staging =
  (product: Product): MakeScenario =>
  (name, about, small, large, surroundings, settings = {}) => ({
    ...{ name, about, small, bounds: large },
    start: () => new Gateway({ product, surroundings, windowSeconds: WINDOW_MS / 1000, ...settings }),
  });
