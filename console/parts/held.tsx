import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { shown } from '../../cli/text/shown.ts';
import { linkTo } from '../address.ts';
import { Action } from './action.tsx';
import type { Plan } from './action.tsx';
import type { Chosen } from './plans.tsx';
import { Lines, Said } from './text.tsx';
import { When } from './when.tsx';

/** An event that a queue holds for a person. */
export interface Held extends Chosen {
  readonly source: string;
  readonly type: string | null;
  readonly reason: string;
  readonly receivedAt: string | null;
  readonly failedAt?: string | null;
  readonly tries?: number;
  readonly body?: string | undefined;
}

/** A change that can be made to some of the events. */
export interface Deed {
  readonly verb: string;
  readonly plan: (source: string, chosen: readonly Chosen[]) => Plan;
}

/** Events that wait for a person: pick one or many, and decide. */
export function HeldEvents({
  title,
  items,
  total,
  complete,
  deeds,
  empty,
  onDone,
}: {
  readonly title: string;
  readonly items: readonly Held[];
  readonly total: number;
  readonly complete: boolean;
  readonly deeds: readonly Deed[];
  readonly empty: ReactNode;
  readonly onDone: () => void;
}) {
  const [picked, setPicked] = useState<readonly Held[]>([]);
  const [plan, setPlan] = useState<Plan>();
  const chosen = items.filter((item) => picked.some(({ source, id }) => source === item.source && id === item.id));
  const [source] = new Set(chosen.map((item) => item.source));
  const isOneSource = chosen.every((item) => item.source === source);
  const hasFailures = items.some(({ failedAt }) => failedAt !== undefined);
  return (
    <SpaceBetween size="m">
      {!complete && (
        <Alert type="info">
          {`About ${total} wait, and not all of them were seen: somebody else looks at them now, or they have just come. Look again in two minutes.`}
        </Alert>
      )}
      <Table<Held>
        wrapLines
        items={items}
        trackBy={(item) => `${item.source} ${item.id}`}
        selectionType="multi"
        selectedItems={chosen}
        onSelectionChange={({ detail }) => setPicked(detail.selectedItems)}
        ariaLabels={{
          tableLabel: title,
          selectionGroupLabel: 'Pick events',
          allItemsSelectionLabel: () => 'Pick all events',
          itemSelectionLabel: (_, { key, id, source: of }) => `Pick ${shown(key ?? id)} of ${of}`,
        }}
        header={
          <Header
            variant="h2"
            counter={`(${items.length})`}
            description={isOneSource ? undefined : 'Pick events of one source at a time.'}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                {deeds.map(({ verb, plan: planOf }) => (
                  <Button
                    key={verb}
                    disabled={source === undefined || !isOneSource}
                    onClick={() => source !== undefined && setPlan(planOf(source, chosen))}
                  >
                    {verb}
                  </Button>
                ))}
              </SpaceBetween>
            }
          >
            {title}
          </Header>
        }
        empty={empty}
        columnDefinitions={[
          { id: 'source', header: 'Source', cell: (item) => item.source },
          {
            ...{ id: 'key', header: 'Event key', isRowHeader: true },
            cell: ({ source: of, key, id }) =>
              key === null ? (
                <Said text={`${id} (cannot be read)`} />
              ) : (
                <Link href={linkTo(['events', of, key])}>
                  <Said text={key} />
                </Link>
              ),
          },
          { id: 'type', header: 'Type', cell: ({ type }) => <Said text={type} /> },
          { id: 'reason', header: 'Reason', cell: ({ reason }) => <Said text={reason} /> },
          { id: 'received', header: 'Received', cell: ({ receivedAt }) => <When time={receivedAt} /> },
          ...(hasFailures
            ? [
                { id: 'failed', header: 'Failed', cell: ({ failedAt }: Held) => <When time={failedAt} /> },
                { id: 'tries', header: 'Tries', cell: ({ tries }: Held) => tries ?? '–' },
              ]
            : []),
        ]}
      />
      {items.some(({ body }) => body !== undefined) && (
        <SpaceBetween size="s">
          <Box variant="h2">Bodies</Box>
          {items.map(({ source: of, id, key, body }) =>
            body === undefined ? null : (
              <div key={`${of} ${id}`}>
                <Box variant="h3">
                  <Said text={key ?? id} />
                </Box>
                <Lines text={body} label={`The body of ${shown(key ?? id)}`} />
              </div>
            ),
          )}
        </SpaceBetween>
      )}
      {plan && (
        <Action
          plan={plan}
          onClose={(isDone) => {
            setPlan(undefined);
            if (!isDone) return;
            setPicked([]);
            onDone();
          }}
        />
      )}
    </SpaceBetween>
  );
}
