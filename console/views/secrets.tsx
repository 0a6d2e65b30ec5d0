import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { SecretStatus, VersionStatus } from '../../cli/ops/secret/status.ts';
import { go, linkTo } from '../address.ts';
import type { Address } from '../address.ts';
import { useOperation } from '../asking.ts';
import { Action } from '../parts/action.tsx';
import type { Plan } from '../parts/action.tsx';
import { PickSource } from '../parts/fields.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { Said } from '../parts/text.tsx';
import { ViewFrame } from '../parts/view.tsx';
import { Ago, When } from '../parts/when.tsx';

/** The versions of each source's signing secret. No value is ever shown. */
export default function Secrets({ address: { path, query } }: { readonly address: Address }) {
  const asked = useOperation<SecretStatus[]>('secret status', { source: query.source });
  const [plan, setPlan] = useState<Plan>();
  return (
    <ViewFrame
      title="Secrets"
      description="The versions that verifiers know. A value is pasted, and never shown (docs/secrets.md)."
      onRefresh={asked.reload}
    >
      <SpaceBetween size="m">
        <PickSource
          value={query.source ?? ''}
          all="All sources"
          onChange={(source) => go(linkTo(path, { ...query, source }))}
        />
        <Answer of={asked} what="the secrets" operation="secret status">
          {(secrets) => (
            <SpaceBetween size="l">
              {secrets.map((secret) => (
                <Versions key={secret.source} secret={secret} onPlan={setPlan} />
              ))}
            </SpaceBetween>
          )}
        </Answer>
      </SpaceBetween>
      {plan && (
        <Action
          plan={plan}
          onClose={(isDone) => {
            setPlan(undefined);
            if (isDone) asked.reload();
          }}
        />
      )}
    </ViewFrame>
  );
}

function Versions({ secret, onPlan }: { readonly secret: SecretStatus; readonly onPlan: (plan: Plan) => void }) {
  const { source, rotation, versions } = secret;
  return (
    <Table<VersionStatus>
      items={versions}
      trackBy="label"
      ariaLabels={{ tableLabel: `Versions of ${source}` }}
      header={
        <Header
          variant="h2"
          description={rotation === 'automatic' ? 'The gateway rotates it.' : 'It is rotated by hand.'}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {plansFor(secret).map((plan) => (
                <Button key={plan.verb} ariaLabel={plan.title} onClick={() => onPlan(plan)}>
                  {plan.verb}
                </Button>
              ))}
            </SpaceBetween>
          }
        >
          {source}
        </Header>
      }
      empty={
        <Empty title={`${source} has no secret yet`}>Set its first one: until then every delivery is refused.</Empty>
      }
      columnDefinitions={[
        { id: 'label', header: 'Version', isRowHeader: true, cell: ({ label }) => label },
        { id: 'id', header: 'Id', cell: ({ versionId }) => <Said text={versionId.slice(0, 8)} /> },
        { id: 'age', header: 'Made', cell: ({ createdAt }) => <When time={createdAt} /> },
        { id: 'matched', header: 'Last matched', cell: ({ lastMatchedAt }) => <Ago time={lastMatchedAt} /> },
        { id: 'accepted', header: 'Accepted', cell: (version) => <Acceptance version={version} /> },
      ]}
    />
  );
}

function Acceptance({ version: { accepted, flaw, acceptedUntil } }: { readonly version: VersionStatus }) {
  if (flaw !== null)
    return (
      <StatusIndicator type="error">
        No: it <Said text={flaw} />
      </StatusIndicator>
    );
  if (accepted === null) return <StatusIndicator type="info">Unknown: you may not read it</StatusIndicator>;
  if (!accepted) return <StatusIndicator type="stopped">No longer</StatusIndicator>;
  return (
    <StatusIndicator type="success">
      {acceptedUntil === undefined ? (
        'Yes'
      ) : (
        <>
          Until <When time={acceptedUntil} />
        </>
      )}
    </StatusIndicator>
  );
}

/** The changes that fit a secret's state. */
function plansFor({ source, versions }: SecretStatus): Plan[] {
  const has = (label: string): boolean => versions.some((version) => version.label === label);
  const works = versions.some(({ label, flaw }) => label === 'current' && flaw === null);
  const steps = [{ about: source, input: { source } }];
  const set: Plan = {
    ...{ operation: 'secret set', verb: 'Set', title: `Set the secret of ${source}`, takesSecret: true, steps },
    consequence: 'It becomes the current secret: deliveries signed with it are accepted from now on.',
  };
  const stage: Plan = {
    ...{ operation: 'secret stage', verb: 'Stage', title: `Stage a new secret of ${source}`, takesSecret: true },
    consequence: has('pending')
      ? 'The pending secret is given up. The new one is accepted at once, beside the current one.'
      : 'It is accepted at once, beside the current one. Promote it once the provider signs with it.',
    steps: [{ about: source, input: { source, replace: has('pending') } }],
  };
  const promote: Plan = {
    ...{ operation: 'secret promote', verb: 'Promote', title: `Promote the pending secret of ${source}`, steps },
    consequence:
      'The pending secret becomes the current one, and the current one the previous. The previous one is accepted for its grace time.',
  };
  const revoke: Plan = {
    ...{
      operation: 'secret revoke-previous',
      verb: 'Revoke the previous',
      title: `Revoke the previous secret of ${source}`,
    },
    consequence: 'Deliveries signed with the previous secret are refused from now on, and every verifier is replaced.',
    ...{ isForGood: true, steps },
  };
  return [...(works ? [stage] : [set]), ...(has('pending') ? [promote] : []), ...(has('previous') ? [revoke] : [])];
}
