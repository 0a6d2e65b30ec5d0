import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { EventReport } from '../../cli/ops/event.ts';
import type { LedgerRecord } from '../../cli/ops/ledger-record.ts';
import { shown } from '../../cli/text/shown.ts';
import { linkTo } from '../address.ts';
import { useOperation } from '../asking.ts';
import { Action } from '../parts/action.tsx';
import type { Plan } from '../parts/action.tsx';
import { Content } from '../parts/content.tsx';
import { plans } from '../parts/plans.tsx';
import { Answer } from '../parts/states.tsx';
import { EventStatus } from '../parts/status.tsx';
import { COVERAGE, storyOf } from '../parts/story.tsx';
import { AtTargets } from '../parts/at-targets.tsx';
import { Said } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { useLane, usePace } from '../session.ts';

/** One event: its story, what is known of it, and what can be done about it. */
export function Event({ source, eventKey: key }: { readonly source: string; readonly eventKey: string }) {
  const pace = usePace();
  const asked = useOperation<EventReport>('event', { source, key }, { every: 2 * pace.events });
  const [plan, setPlan] = useState<Plan>();
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {asked.data &&
              actionsFor(source, key, asked.data).map((each) => (
                <Button key={each.title} onClick={() => setPlan(each)}>
                  {each.verb}
                </Button>
              ))}
            <Button iconName="refresh" ariaLabel="Refresh" onClick={asked.reload} />
          </SpaceBetween>
        }
        description={<Link href={linkTo(['events'], { source })}>{`Events of ${source}`}</Link>}
      >
        <Said text={key} />
      </Header>
      <Answer of={asked} what="the event" operation="event">
        {(record) => (
          <SpaceBetween size="l">
            <ColumnLayout columns={2} minColumnWidth={320}>
              <Container header={<Header variant="h2">Story</Header>}>
                <ol className="story">
                  {storyOf(record, Date.now()).map(({ what, time }, index) => (
                    <li key={index}>
                      <div className="said">{what}</div>
                      {time !== undefined && (
                        <Box fontSize="body-s" color="text-body-secondary">
                          <When time={time} />
                        </Box>
                      )}
                    </li>
                  ))}
                </ol>
              </Container>
              <Facts record={record} source={source} />
            </ColumnLayout>
            <AtTargets record={record} eventKey={key} plansFor={actionsFor} onPlan={setPlan} />
            <Content source={source} eventKey={key} />
          </SpaceBetween>
        )}
      </Answer>
      {plan && (
        <Action
          plan={plan}
          onClose={(isDone) => {
            setPlan(undefined);
            if (isDone) asked.reload();
          }}
        />
      )}
    </SpaceBetween>
  );
}

/** The changes that fit an event's state. */
function actionsFor(source: string, key: string, { status, droppedAt, failures }: LedgerRecord): Plan[] {
  const chosen = [{ id: key, key }];
  if (status === 'QUARANTINED' && droppedAt === undefined)
    return [plans.release(source, chosen), plans.drop(source, chosen)];
  if (status === 'QUEUED' && failures > 0) return [plans.redrive(source, chosen), plans.giveUp(source, chosen)];
  return status === 'PROCESSED' ? [plans.reprocess(source, key)] : [];
}

function Facts({ record, source }: { readonly record: LedgerRecord; readonly source: string }) {
  const isTarget = useLane(source)?.isTarget ?? false;
  const { eventType, keyKind, via, deliveries, failures, coverage, secretLabel, secretVersionId } = record;
  return (
    <Container header={<Header variant="h2">Facts</Header>}>
      <KeyValuePairs
        columns={2}
        items={[
          { label: 'Status', value: <EventStatus status={record.status} /> },
          { label: isTarget ? 'Target' : 'Source', value: source },
          { label: 'Type', value: <Said text={eventType} /> },
          {
            label: 'Key',
            value: keyKind === undefined ? "The provider's own id" : `Made by the gateway: ${shown(keyKind)}`,
          },
          { label: 'Came', value: via === 'poll' ? 'Found by polling' : 'Delivered' },
          { label: 'Deliveries, failed tries', value: `${deliveries}, ${failures}` },
          { label: 'Coverage of the signature', value: COVERAGE[coverage ?? ''] ?? 'Not known' },
          {
            label: 'Secret that matched',
            value:
              secretLabel === undefined ? (
                '–'
              ) : (
                <Said text={`${secretLabel}, version ${secretVersionId ?? 'unknown'}`} />
              ),
          },
          { label: 'Evidence', value: <Said text={record.archivedIn} none="Not archived yet" /> },
          { label: 'SHA-256 of the body', value: <Said text={record.bodyHash} /> },
          { label: 'The ledger remembers it until', value: <When time={record.expiresAt} /> },
        ]}
      />
    </Container>
  );
}
