import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { DeadLetterList } from '../../cli/ops/dead-letters/list.ts';
import { go, linkTo } from '../address.ts';
import type { Address } from '../address.ts';
import { useOperation } from '../asking.ts';
import { Action } from '../parts/action.tsx';
import type { Plan } from '../parts/action.tsx';
import { AskForBodies } from '../parts/bodies.tsx';
import { PickLane } from '../parts/fields.tsx';
import { HeldEvents } from '../parts/held.tsx';
import { plans } from '../parts/plans.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { Said } from '../parts/text.tsx';
import { ViewFrame } from '../parts/view.tsx';
import { When } from '../parts/when.tsx';
import { useSession } from '../session.ts';

const DEEDS = [
  { verb: 'Redrive', plan: plans.redrive },
  { verb: 'Give up', plan: plans.giveUp },
];

/** Events whose processing failed for good. */
export default function DeadLetters({ address: { path, query } }: { readonly address: Address }) {
  const [first] = useSession().sources;
  const source = query.source ?? first?.name ?? '';
  const [why, setWhy] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const [plan, setPlan] = useState<Plan>();
  const input = { source, ...(why !== undefined && { showBodies: true, ...(why !== '' && { reason: why }) }) };
  const asked = useOperation<DeadLetterList>('dead-letters list', input);
  return (
    <ViewFrame
      title="Dead letters"
      description="Events whose tries all failed. Redriving them is always safe: what was processed is not processed again."
      onRefresh={asked.reload}
      actions={
        <>
          <Button
            disabled={(asked.data?.total ?? 0) === 0}
            onClick={() => setPlan(plans.redriveAll(source, asked.data?.total ?? 0))}
          >
            Redrive all
          </Button>
          {why === undefined ? (
            <Button onClick={() => setAsking(true)}>Show bodies</Button>
          ) : (
            <Button onClick={() => setWhy(undefined)}>Hide bodies</Button>
          )}
        </>
      }
    >
      <SpaceBetween size="m">
        <PickLane value={source} onChange={(picked) => go(linkTo(path, { ...query, source: picked }))} />
        <Answer of={asked} what="the dead letters" operation="dead-letters list">
          {({ deadLetters, reasons, total, complete }) => (
            <SpaceBetween size="m">
              {reasons.length > 0 && <Reasons reasons={reasons} />}
              <HeldEvents
                title={`Dead letters of ${source}`}
                items={deadLetters.map((each) => ({ ...each, source }))}
                {...{ total, complete }}
                deeds={DEEDS}
                empty={<Empty title={`${source} has no dead letters`} />}
                onDone={asked.reload}
              />
            </SpaceBetween>
          )}
        </Answer>
      </SpaceBetween>
      {isAsking && (
        <AskForBodies
          onAnswer={(answer) => {
            setAsking(false);
            setWhy(answer);
          }}
        />
      )}
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

/** The reasons of the failures, and whether it helps to try again. */
const Reasons = ({ reasons }: Pick<DeadLetterList, 'reasons'>) => (
  <Table
    wrapLines
    contentDensity="compact"
    items={reasons}
    ariaLabels={{ tableLabel: 'Reasons' }}
    header={<Header variant="h2">Reasons</Header>}
    columnDefinitions={[
      { id: 'reason', header: 'Reason', isRowHeader: true, cell: ({ reason }) => <Said text={reason} /> },
      { id: 'count', header: 'Events', cell: ({ count }) => count },
      { id: 'first', header: 'First failed', cell: ({ firstAt }) => <When time={firstAt} /> },
      { id: 'last', header: 'Last failed', cell: ({ lastAt }) => <When time={lastAt} /> },
      {
        ...{ id: 'again', header: 'Trying again' },
        cell: ({ isPermanent }) => (isPermanent ? 'does not help' : 'may help'),
      },
    ]}
  />
);
