import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { QuarantineList } from '../../cli/ops/quarantine/list.ts';
import { go, linkTo } from '../address.ts';
import type { Address } from '../address.ts';
import { useOperation } from '../asking.ts';
import { AskForBodies } from '../parts/bodies.tsx';
import { PickSource } from '../parts/fields.tsx';
import { HeldEvents } from '../parts/held.tsx';
import { plans } from '../parts/plans.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { ViewFrame } from '../parts/view.tsx';

const DEEDS = [
  { verb: 'Release', plan: plans.release },
  { verb: 'Drop', plan: plans.drop },
];

/** Authentic events that wait for a decision. */
export default function Quarantine({ address: { path, query } }: { readonly address: Address }) {
  const [why, setWhy] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const input = {
    source: query.source,
    ...(why !== undefined && { showBodies: true, ...(why !== '' && { reason: why }) }),
  };
  const asked = useOperation<QuarantineList>('quarantine list', input);
  return (
    <ViewFrame
      title="Quarantine"
      description="Authentic events that were set aside. Each waits until you release it, or drop it."
      onRefresh={asked.reload}
      actions={
        why === undefined ? (
          <Button onClick={() => setAsking(true)}>Show bodies</Button>
        ) : (
          <Button onClick={() => setWhy(undefined)}>Hide bodies</Button>
        )
      }
    >
      <SpaceBetween size="m">
        <PickSource
          value={query.source ?? ''}
          all="All sources"
          onChange={(source) => go(linkTo(path, { ...query, source }))}
        />
        <Answer of={asked} what="the quarantine" operation="quarantine list">
          {({ events, total, complete }) => (
            <HeldEvents
              title="Events in quarantine"
              items={events}
              {...{ total, complete }}
              deeds={DEEDS}
              empty={<Empty title="Nothing waits in quarantine" />}
              onDone={asked.reload}
            />
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
    </ViewFrame>
  );
}
