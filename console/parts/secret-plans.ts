import type { SecretStatus, SigningVersion, VersionStatus } from '../../cli/ops/secret/status-data.ts';
import type { Plan } from './action.tsx';

type Step = 'set' | 'stage' | 'again' | 'promote' | 'revoke';

/** The effect of each change on a secret that verifies the deliveries of a source. */
const VERIFYING: Readonly<Record<Step, string>> = {
  set: 'It becomes the current secret: deliveries signed with it are accepted from now on.',
  stage: 'It is accepted at once, beside the current one. Promote it once the provider signs with it.',
  again: 'The pending secret is given up. The new one is accepted at once, beside the current one.',
  promote:
    'The pending secret becomes the current one, and the current one the previous. The previous one is accepted for its grace time.',
  revoke: 'Deliveries signed with the previous secret are refused from now on, and every verifier is replaced.',
};

/** The same of a secret that signs the requests to a target. */
const SIGNING: Readonly<Record<Step, string>> = {
  set: 'It becomes the current secret: requests are signed with it from now on. Give its receiver the same value.',
  stage:
    'Within 5 minutes each request is signed with it too, beside the current one. Promote it once the receiver checks with it.',
  again:
    'The pending secret is given up. Within 5 minutes each request is signed with the new one and the current one.',
  promote:
    'The pending secret becomes the current one, and the current one the previous. Requests are signed with the previous one too for its grace time.',
  revoke:
    'Requests are not signed with the previous secret from now on, and every processor of the target is replaced. A receiver that still checks with it refuses them.',
};

/** The changes that fit a secret's state. */
export function plansFor(secret: SecretStatus): Plan[] {
  const { source } = secret;
  const versions: readonly (VersionStatus | SigningVersion)[] = secret.versions;
  const effects = 'signs' in secret ? SIGNING : VERIFYING;
  const has = (label: string): boolean => versions.some((version) => version.label === label);
  const works = versions.some(({ label, flaw }) => label === 'current' && flaw === null);
  const steps = [{ about: source, input: { source } }];
  const set: Plan = {
    ...{ operation: 'secret set', verb: 'Set', title: `Set the secret of ${source}`, takesSecret: true, steps },
    consequence: effects.set,
  };
  const stage: Plan = {
    ...{ operation: 'secret stage', verb: 'Stage', title: `Stage a new secret of ${source}`, takesSecret: true },
    consequence: has('pending') ? effects.again : effects.stage,
    steps: [{ about: source, input: { source, replace: has('pending') } }],
  };
  const promote: Plan = {
    ...{ operation: 'secret promote', verb: 'Promote', title: `Promote the pending secret of ${source}`, steps },
    consequence: effects.promote,
  };
  const revoke: Plan = {
    ...{
      operation: 'secret revoke-previous',
      verb: 'Revoke the previous',
      title: `Revoke the previous secret of ${source}`,
    },
    consequence: effects.revoke,
    ...{ isForGood: true, steps },
  };
  return [...(works ? [stage] : [set]), ...(has('pending') ? [promote] : []), ...(has('previous') ? [revoke] : [])];
}
