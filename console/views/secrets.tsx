import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { SecretStatus, SigningVersion, TargetSecret, VersionStatus } from '../../cli/ops/secret/status-data.ts';
import { go, linkTo } from '../address.ts';
import type { Address } from '../address.ts';
import { useOperation } from '../asking.ts';
import { Action } from '../parts/action.tsx';
import type { Plan } from '../parts/action.tsx';
import { plansFor } from '../parts/secret-plans.ts';
import { PickLane } from '../parts/fields.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { Said } from '../parts/text.tsx';
import { ViewFrame } from '../parts/view.tsx';
import { Ago, When } from '../parts/when.tsx';

/** The versions of each signing secret: of the sources, and of the targets whose requests are signed. No value is ever shown. */
export default function Secrets({ address: { path, query } }: { readonly address: Address }) {
  const asked = useOperation<SecretStatus[]>('secret status', { source: query.source });
  const [plan, setPlan] = useState<Plan>();
  return (
    <ViewFrame
      title="Secrets"
      description="The versions that verify deliveries, or sign requests. A value is pasted, and never shown (docs/secrets.md)."
      onRefresh={asked.reload}
    >
      <SpaceBetween size="m">
        <PickLane
          value={query.source ?? ''}
          all="All of them"
          isOffered={({ isTarget, isSigned }) => !isTarget || isSigned}
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

const isOfTarget = (secret: SecretStatus): secret is TargetSecret => 'signs' in secret;

function Versions({ secret, onPlan }: { readonly secret: SecretStatus; readonly onPlan: (plan: Plan) => void }) {
  const { source } = secret;
  const frame = {
    trackBy: 'label',
    ariaLabels: { tableLabel: `Versions of ${source}` },
    header: <Heading secret={secret} onPlan={onPlan} />,
    empty: (
      <Empty title={`${source} has no secret yet`}>
        {isOfTarget(secret)
          ? 'Set its first one: until then every try fails.'
          : 'Set its first one: until then every delivery is refused.'}
      </Empty>
    ),
  } as const;
  return isOfTarget(secret) ? (
    <Table<SigningVersion>
      {...frame}
      items={secret.versions}
      columnDefinitions={[
        ...COLUMNS,
        { id: 'signs', header: 'Signs', cell: (version) => <Signing version={version} /> },
      ]}
    />
  ) : (
    <Table<VersionStatus>
      {...frame}
      items={secret.versions}
      columnDefinitions={[
        ...COLUMNS,
        { id: 'matched', header: 'Last matched', cell: ({ lastMatchedAt }) => <Ago time={lastMatchedAt} /> },
        { id: 'accepted', header: 'Accepted', cell: (version) => <Acceptance version={version} /> },
      ]}
    />
  );
}

/** The columns of every version. */
const COLUMNS = [
  { id: 'label', header: 'Version', isRowHeader: true, cell: ({ label }: Labelled) => label },
  { id: 'id', header: 'Id', cell: ({ versionId }: Labelled) => <Said text={versionId.slice(0, 8)} /> },
  { id: 'age', header: 'Made', cell: ({ createdAt }: Labelled) => <When time={createdAt} /> },
];
type Labelled = Pick<VersionStatus, 'label' | 'versionId' | 'createdAt'>;

function Heading({ secret, onPlan }: { readonly secret: SecretStatus; readonly onPlan: (plan: Plan) => void }) {
  const rotated = secret.rotation === 'automatic' ? 'The gateway rotates it.' : 'It is rotated by hand.';
  return (
    <Header
      variant="h2"
      description={
        isOfTarget(secret) ? `Requests to the target are signed with it: its receiver checks them. ${rotated}` : rotated
      }
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
      {secret.source}
    </Header>
  );
}

function Signing({ version: { signs, flaw, signsSince, signsUntil } }: { readonly version: SigningVersion }) {
  if (flaw !== null) return <Refused flaw={flaw} />;
  if (signs === null) return <Unreadable />;
  if (!signs) return <StatusIndicator type="stopped">No longer</StatusIndicator>;
  return (
    <StatusIndicator type="success">
      {signsUntil === undefined ? 'Since ' : 'Until '}
      <When time={signsUntil ?? signsSince} />
    </StatusIndicator>
  );
}

const Refused = ({ flaw }: { readonly flaw: string }) => (
  <StatusIndicator type="error">
    No: it <Said text={flaw} />
  </StatusIndicator>
);

const Unreadable = () => <StatusIndicator type="info">Unknown: you may not read it</StatusIndicator>;

function Acceptance({ version: { accepted, flaw, acceptedUntil } }: { readonly version: VersionStatus }) {
  if (flaw !== null) return <Refused flaw={flaw} />;
  if (accepted === null) return <Unreadable />;
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
