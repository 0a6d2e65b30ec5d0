import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { Traffic } from '../../cli/ops/report/traffic.ts';
import type { SecretStatus } from '../../cli/ops/secret/status-data.ts';
import type { GatewayStatus } from '../../cli/ops/status.ts';
import { go, linkTo } from '../address.ts';
import type { Address } from '../address.ts';
import { useOperation } from '../asking.ts';
import { Action } from '../parts/action.tsx';
import type { Plan } from '../parts/action.tsx';
import { Alarms } from '../parts/alarms.tsx';
import { Outcomes, Times } from '../parts/charts.tsx';
import { Pick, SINCE } from '../parts/fields.tsx';
import { Sources } from '../parts/sources.tsx';
import { Answer } from '../parts/states.tsx';
import { usePace, useSession } from '../session.ts';

/** The state of the gateway, and whether anything needs attention. */
export default function Overview({ address: { path, query } }: { readonly address: Address }) {
  const pace = usePace();
  const session = useSession();
  const since = query.since ?? '3h';
  const status = useOperation<GatewayStatus>('status', {}, { every: pace.overview });
  const secrets = useOperation<SecretStatus[]>('secret status', {}, { every: 30 * pace.overview });
  const traffic = useOperation<Traffic>('traffic', { since, source: query.source }, { every: 2 * pace.overview });
  const [plan, setPlan] = useState<Plan>();
  const reload = (): void => {
    status.reload();
    traffic.reload();
    secrets.reload();
  };
  return (
    <SpaceBetween size="l">
      <Header variant="h1" actions={<Button iconName="refresh" ariaLabel="Refresh" onClick={reload} />}>
        Overview
      </Header>
      <Answer of={status} what="the sources" operation="status">
        {(data) => (
          <SpaceBetween size="l">
            <Alarms status={data} />
            <Sources status={data} secrets={secrets} onPlan={setPlan} />
          </SpaceBetween>
        )}
      </Answer>
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween direction="horizontal" size="s">
                <Pick
                  label="Source"
                  value={query.source ?? ''}
                  all="All sources"
                  options={session.sources.map(({ name }) => name)}
                  onChange={(value) => go(linkTo(path, { ...query, source: value }))}
                />
                <Pick
                  label="Time"
                  value={since}
                  options={SINCE}
                  onChange={(value) => go(linkTo(path, { ...query, since: value }))}
                />
              </SpaceBetween>
            }
          >
            Over time
          </Header>
        }
      >
        <Answer of={traffic} what="the numbers" operation="traffic">
          {(data) => (
            <ColumnLayout columns={2} minColumnWidth={320}>
              <Outcomes traffic={data} />
              <Times traffic={data} of="answer" title="Milliseconds to the answer" />
              <Times traffic={data} of="processing" title="Milliseconds to the end of the processing" />
              <Totals traffic={data} />
            </ColumnLayout>
          )}
        </Answer>
      </Container>
      {plan && (
        <Action
          plan={plan}
          onClose={() => {
            setPlan(undefined);
            status.reload();
          }}
        />
      )}
    </SpaceBetween>
  );
}

const SHOWN = {
  received: 'Deliveries',
  accepted: 'Accepted',
  duplicates: 'Duplicates',
  refused: 'Refused',
  processed: 'Processed',
} as const;

function Totals({ traffic: { sources } }: { readonly traffic: Traffic }) {
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      items={sources}
      ariaLabels={{ tableLabel: 'Totals of this time' }}
      header={<Header variant="h3">Totals</Header>}
      columnDefinitions={[
        { id: 'source', header: 'Source', isRowHeader: true, cell: ({ source }) => source },
        ...(Object.keys(SHOWN) as (keyof typeof SHOWN)[]).map((name) => ({
          ...{ id: name, header: SHOWN[name] },
          cell: ({ counts }: Traffic['sources'][number]) => counts[name].total,
        })),
      ]}
    />
  );
}
