import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState } from 'react';
import type { PollReport } from '../../lambdas/core/poll/report.ts';
import { linkTo } from '../address.ts';
import { useOperation } from '../asking.ts';
import type { Address } from '../address.ts';
import { Action } from '../parts/action.tsx';
import type { Plan } from '../parts/action.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { Said } from '../parts/text.tsx';
import { ViewFrame } from '../parts/view.tsx';
import { When } from '../parts/when.tsx';
import { usePace, useSession } from '../session.ts';

interface PollTimes {
  readonly lastEndedAt?: string;
  readonly lastSucceededAt?: string;
  readonly heldUntil?: string;
  readonly lastReport?: PollReport;
}

/** The polls for events that providers failed to deliver. */
export default function Missed({ address: { query } }: { readonly address: Address }) {
  const { sources } = useSession();
  const polled = sources.filter(({ name, fetchesMissed }) => fetchesMissed && (query.source ?? name) === name);
  return (
    <ViewFrame
      title="Missed events"
      description="Some providers list what they could not deliver: the gateway asks them on a schedule (docs/missed-events.md)."
    >
      {polled.length === 0 ? (
        <Empty title="No source fetches missed events">
          Its provider must list them, and its options must say how to call its API.{' '}
          <a href={linkTo(['providers'])}>The catalogue</a> says which providers do.
        </Empty>
      ) : (
        <SpaceBetween size="l">
          {polled.map(({ name }) => (
            <Polls key={name} source={name} />
          ))}
        </SpaceBetween>
      )}
    </ViewFrame>
  );
}

const runPlan = (source: string): Plan => ({
  ...{ operation: 'missed run', verb: 'Poll now', title: `Poll for missed events of ${source}` },
  consequence:
    'The provider is asked now. The events that it could not deliver are accepted, queued and processed, and acknowledged there.',
  steps: [{ about: source, input: { source } }],
});

function Polls({ source }: { readonly source: string }) {
  const pace = usePace();
  const asked = useOperation<PollTimes>('missed status', { source }, { every: 2 * pace.overview });
  const [plan, setPlan] = useState<Plan>();
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button ariaLabel={`Poll now: ${source}`} onClick={() => setPlan(runPlan(source))}>
              Poll now
            </Button>
          }
        >
          {source}
        </Header>
      }
    >
      <Answer of={asked} what="the polls" operation="missed status">
        {({ lastEndedAt, lastSucceededAt, heldUntil, lastReport }) => (
          <SpaceBetween size="m">
            <KeyValuePairs
              columns={3}
              items={[
                { label: 'Last poll', value: <When time={lastEndedAt} none="never" /> },
                { label: 'Last one that succeeded', value: <When time={lastSucceededAt} none="never" /> },
                { label: 'Under way until at most', value: <When time={heldUntil} none="none is under way" /> },
              ]}
            />
            {lastReport && <Found report={lastReport} />}
          </SpaceBetween>
        )}
      </Answer>
      {plan && (
        <Action
          plan={plan}
          onClose={() => {
            setPlan(undefined);
            asked.reload();
          }}
        />
      )}
    </Container>
  );
}

function Found({ report }: { readonly report: PollReport }) {
  const { outcome, listed, accepted, known, quarantined, failed, acknowledged, left, oldestSeconds, faults } = report;
  return (
    <SpaceBetween size="s">
      <StatusIndicator type={outcome === 'succeeded' ? 'success' : outcome === 'busy' ? 'pending' : 'error'}>
        {`The last poll ${outcome === 'busy' ? 'found another under way' : outcome}.`}
      </StatusIndicator>
      {left > 0 && (
        <StatusIndicator type="warning">{`A gap: ${left} or more entries were left for the next poll.`}</StatusIndicator>
      )}
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Listed', value: listed },
          { label: 'New, now queued', value: accepted },
          { label: 'Known already', value: known },
          { label: 'Quarantined', value: quarantined },
          { label: 'Not safe yet', value: failed },
          { label: 'Acknowledged', value: acknowledged },
          { label: 'Left for the next poll', value: left },
          { label: 'Age of the oldest', value: `${oldestSeconds} s` },
        ]}
      />
      {faults.length > 0 && (
        <Box>
          {'Faults: '}
          <Said text={faults.join(', ')} />
        </Box>
      )}
    </SpaceBetween>
  );
}
