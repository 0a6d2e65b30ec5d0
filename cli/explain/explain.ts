import { bodyDamages } from './body.ts';
import type { Explanation, Finding, Question } from './explain-types.ts';
import { headerDamages } from './header.ts';
import { Judge } from './judge.ts';
import { notationDamages } from './notation.ts';
import { secretDamages } from './secret.ts';
import { timeDamages } from './time.ts';
import type { Change, Hypothesis, KnownSecret, Trial } from './trial.ts';
import { urlTokenDamages } from './url-token.ts';
import { urlDamages } from './url.ts';
import { withoutMatch } from './without-match.ts';

const SINGLES: readonly Hypothesis[] = [
  ...[bodyDamages, secretDamages, headerDamages, urlDamages, timeDamages],
  ...[urlTokenDamages, notationDamages],
];
/** Two damages that come together in practice, with how many of each are combined. */
const PAIRS: readonly (readonly [Hypothesis, number, Hypothesis, number])[] = [
  [secretDamages, 30, bodyDamages, 60],
  [headerDamages, 40, bodyDamages, 60],
  [headerDamages, 40, secretDamages, 30],
  [urlDamages, 60, bodyDamages, 30],
  [urlDamages, 60, secretDamages, 20],
  [timeDamages, 3, bodyDamages, 60],
  [timeDamages, 3, headerDamages, 40],
  [timeDamages, 3, secretDamages, 30],
  [notationDamages, 20, bodyDamages, 30],
];

/** Says why a delivery is refused. `clock` bounds the work: milliseconds. */
export function explain(question: Question, clock: () => number): Explanation {
  const judge = new Judge(question.now, clock);
  const findings = search(question, judge) ?? [withoutMatch(question, judge.isSpent)];
  return { findings, tried: judge.tried, complete: !judge.isSpent };
}

function search(question: Question, judge: Judge): readonly [Finding, ...Finding[]] | undefined {
  const { source, secrets, delivery, scheme, options } = question;
  const trialWith = (secret: KnownSecret): Trial => ({ delivery, secret, scheme, options });
  const own = secrets.filter((secret) => secret.source === source);
  const accepted = own.filter((secret) => secret.accepted);

  for (const secret of accepted) {
    const time = judge.matches(trialWith(secret));
    if (time === 'now')
      return [{ cause: 'accepted', confidence: 'proved', detail: `it matches the ${secret.label} secret` }];
    if (time) return [time];
  }
  for (const secret of [...own, ...secrets].filter((each) => !accepted.includes(each))) {
    const found = judge.found(trialWith(secret), ofSecret(secret, source));
    if (found) return found;
  }
  for (const secret of accepted) {
    const found = single(trialWith(secret), judge);
    if (found) return found;
  }
  for (const other of question.others) {
    for (const secret of secrets) {
      const trial = { ...trialWith(secret), scheme: other.scheme };
      const found = judge.found(trial, { cause: 'other_provider', detail: `it is ${other.title}’s` });
      if (found) return found;
    }
  }
  for (const secret of accepted.slice(0, 2)) {
    const found = pair(trialWith(secret), judge);
    if (found) return found;
  }
  for (const secret of secrets.filter((each) => !accepted.includes(each)).slice(0, 20)) {
    const found = single(trialWith(secret), judge);
    if (found) return [...found, { ...ofSecret(secret, source), confidence: 'proved' }];
  }
  return undefined;
}

const ofSecret = ({ source, label }: KnownSecret, own: string): Pick<Finding, 'cause' | 'detail'> =>
  source === own
    ? { cause: 'secret_version', detail: `the ${label} one, which is not accepted now` }
    : { cause: 'secret_of_other_source', detail: `of ${source}` };

function single(trial: Trial, judge: Judge): readonly [Finding, ...Finding[]] | undefined {
  for (const hypothesis of SINGLES) {
    for (const change of hypothesis(trial)) {
      const found = judge.found(change.apply(trial), change);
      if (found) return found;
      if (judge.isSpent) return undefined;
    }
  }
  return undefined;
}

function pair(trial: Trial, judge: Judge): readonly [Finding, ...Finding[]] | undefined {
  for (const [first, most, second, least] of PAIRS) {
    for (const one of take(first(trial), most)) {
      const changed = one.apply(trial);
      for (const other of take(second(changed), least)) {
        const found = judge.found(other.apply(changed), one);
        if (found) return [found[0], { ...stated(other), confidence: 'proved' }, ...found.slice(1)];
        if (judge.isSpent) return undefined;
      }
    }
  }
  return undefined;
}

const stated = ({ cause, detail }: Change): Pick<Finding, 'cause' | 'detail'> => ({ cause, detail });

function* take(changes: Iterable<Change>, most: number): Generator<Change> {
  let taken = 0;
  for (const change of changes) {
    if (taken++ >= most) return;
    yield change;
  }
}
