import type { RotationStep } from '../../lambdas/core/rotate/rotate.ts';
import type { Call, Move } from './faults.ts';
import type { Gateway, Surroundings } from './gateway.ts';
import { SignedDeliveries } from './signed-deliveries.ts';
import { ROTATION_OPTIONS, TwoSides } from './two-sides.ts';

const STEPS: readonly RotationStep[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
/** Milliseconds: the rotation function's time-out, and the time to the next try, and to the next rotation by the schedule. */
const TIMEOUT_MS = 60_000;
const RETRY_MS = 60_000;
const SCHEDULE_MS = 86_400_000;

/**
 * Secrets Manager's rotation: the four steps in their order, each a run of the function, until all have succeeded. After a step
 * that failed it begins again with the same token, or gives up until the schedule starts a rotation with another one.
 */
export class Rotation implements Surroundings {
  readonly #gateway: Gateway;
  readonly #sides: TwoSides;
  #token = 1;
  #secrets = 0;
  #step = 0;
  #nextAt: number;
  #isUnderWay = false;
  #hasFailed = false;
  #hasRefused = false;

  constructor(gateway: Gateway, sides: TwoSides) {
    this.#gateway = gateway;
    this.#sides = sides;
    this.#nextAt = gateway.simulation.now;
  }

  moves(): Move[] {
    if (this.#isDone()) return [];
    const isDue = !this.#isUnderWay && this.#gateway.simulation.now >= this.#nextAt;
    return [
      ...(isDue ? [{ label: `${STEPS[this.#step]} of rotation ${this.#token}`, ...FREE, apply: this.#start }] : []),
      ...(this.#hasFailed
        ? [{ label: 'the rotation is given up', ...FREE, isOptional: true, apply: this.#giveUp }]
        : []),
      ...(this.#hasRefused ? [] : [{ label: 'Optum is to refuse the next update', faults: 1, apply: this.#refuse }]),
    ];
  }

  times = (): number[] => (this.#isDone() || this.#isUnderWay ? [] : [this.#nextAt]);

  state = (): string =>
    [this.#token, this.#secrets, this.#step, this.#nextAt, this.#isUnderWay, this.#hasFailed, this.#hasRefused].join() +
    this.#sides.state();

  atEnd(): void {
    const { key, current } = this.#sides;
    this.#gateway.simulation.promise(this.#isDone(), () => 'the rotation was never done');
    this.#gateway.simulation.promise(key === current, () => 'the two sides do not agree on the secret');
  }

  #isDone = (): boolean => this.#step === STEPS.length;

  #start = (): void => {
    const step = STEPS[this.#step] ?? 'createSecret';
    const token = `rotation-${this.#token}`.padEnd(32, '-');
    this.#isUnderWay = true;
    this.#hasFailed = false;
    this.#gateway.simulation.spawn(
      `${step} ${this.#token}`,
      TIMEOUT_MS,
      (call) => this.#gateway.product.rotate(step, token, this.#ports(call)),
      ({ ok }) => {
        this.#isUnderWay = false;
        this.#hasFailed = !ok;
        this.#step = ok ? this.#step + 1 : 0;
        if (!ok) this.#nextAt = this.#gateway.simulation.now + RETRY_MS;
      },
    );
  };

  #giveUp = (): void => {
    this.#hasFailed = false;
    this.#token++;
    this.#nextAt = this.#gateway.simulation.now + SCHEDULE_MS;
  };

  #refuse = (): void => {
    this.#hasRefused = true;
    this.#sides.refusesOnce = true;
  };

  /** The state of one container of the function. */
  #ports(call: Call): Parameters<Gateway['product']['rotate']>[2] {
    const { product, simulation } = this.#gateway;
    const { rotation } = product.optum;
    const manager = this.#sides.manager(call);
    const credentials = product.credentialsSecret(this.#sides.credentials.arn, manager);
    const http = product.authorizedHttp(ROTATION_OPTIONS.tokenUrl, {
      ...{ http: this.#sides.http(call), clock: simulation.clock },
      credentials: () => credentials.client(),
    });
    const api = { http, options: ROTATION_OPTIONS, now: new Date(simulation.now) };
    return {
      vault: product.secretVault(manager, this.#sides.secret.arn),
      provider: { setSecret: (secret) => rotation.setSecret(secret, api), check: () => rotation.check(api) },
      newSecret: () => `a-new-secret-${++this.#secrets}`,
      pause: (ms) => call('wait', () => undefined, { takes: ms, faults: ['crash before'] }),
    };
  }
}

const FREE = { faults: 0 } as const;

/** One delivery of Optum's, then a rotation, and so many deliveries beside it. */
export function rotationBeside(deliveries: number, gateway: Gateway): Surroundings {
  const sides = new TwoSides(gateway.simulation);
  const rotation = new Rotation(gateway, sides);
  const optum = new SignedDeliveries(gateway, sides, 1 + deliveries);
  return {
    // A container that knows the old secret alone is there when the rotation starts.
    moves: () => (optum.hasBegun ? [...rotation.moves(), ...optum.moves()] : optum.moves()),
    times: () => [...rotation.times(), ...optum.times()],
    state: () => `${rotation.state()} ${optum.state()}`,
    atEnd: () => rotation.atEnd(),
  };
}
