import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { go, linkTo } from '../address.ts';
import type { Address } from '../address.ts';
import { faultOf, send } from '../api.ts';
import type { Fault, Sent } from '../api.ts';
import { Pick, PickSource, Typed } from '../parts/fields.tsx';
import { Empty, FaultAlert } from '../parts/states.tsx';
import { Said } from '../parts/text.tsx';
import { ViewFrame } from '../parts/view.tsx';
import { When } from '../parts/when.tsx';
import { useSession } from '../session.ts';

const WAYS = {
  valid: 'Valid: signed as the provider would',
  forged: 'Forged: signed with another secret',
  stale: 'Stale: signed an hour ago or more',
  altered: 'Altered: its body is changed after the signing',
  twice: 'Twice: the same delivery two times',
} as const;

interface Row {
  readonly at: string;
  readonly source: string;
  readonly way: string;
  readonly answer: Sent['answers'][number];
}

/** Sends a signed sample to the local gateway, as the provider of a source would, or almost. */
export default function Send({ address: { path, query } }: { readonly address: Address }) {
  const { sources } = useSession();
  const source = query.source ?? sources[0]?.name ?? '';
  const way = query.way ?? 'valid';
  const about = sources.find(({ name }) => name === source);
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [fault, setFault] = useState<Fault>();
  const [isSending, setSending] = useState(false);
  const pick = (name: string, value: string): void => go(linkTo(path, { ...query, [name]: value }));

  const start = async (): Promise<void> => {
    setSending(true);
    setFault(undefined);
    await send({ source, way, ...(query.type && { type: query.type }) }).then(
      ({ answers }) => {
        const at = new Date().toISOString();
        setRows((before) => [...answers.map((answer) => ({ at, source, way, answer })), ...before].slice(0, 50));
      },
      (error: unknown) => setFault(faultOf(error)),
    );
    setSending(false);
  };

  return (
    <ViewFrame title="Send" description="A sample, signed with the local secret, to the gateway on this machine.">
      <Container>
        <SpaceBetween size="m">
          <ColumnLayout columns={3} minColumnWidth={180}>
            <PickSource value={source} onChange={(value) => pick('source', value)} />
            <Pick
              label="Delivery"
              value={way}
              options={Object.entries(WAYS).map(([value, label]) => ({ value, label }))}
              onChange={(value) => pick('way', value)}
            />
            <Typed label="Event type (optional)" value={query.type ?? ''} onChange={(value) => pick('type', value)} />
          </ColumnLayout>
          {way === 'altered' && about && about.coverage !== 'body' && (
            <Alert type="warning">
              {about.coverage === 'caller'
                ? `${about.title} signs nothing of the body: an altered delivery is accepted.`
                : `${about.title} signs some fields of the body only: an altered delivery may be accepted.`}
            </Alert>
          )}
          <Button variant="primary" loading={isSending} onClick={() => void start()}>
            Send
          </Button>
          {fault && <FaultAlert fault={fault} />}
        </SpaceBetween>
      </Container>
      <Table<Row>
        items={rows}
        ariaLabels={{ tableLabel: 'Answers' }}
        header={
          <Header variant="h2" actions={<Link href={linkTo(['events'], { source })}>{`Events of ${source}`}</Link>}>
            Answers
          </Header>
        }
        empty={<Empty title="Nothing was sent yet" />}
        columnDefinitions={[
          { id: 'at', header: 'Sent', cell: ({ at }) => <When time={at} /> },
          { id: 'source', header: 'Source', isRowHeader: true, cell: (row) => row.source },
          { id: 'way', header: 'Delivery', cell: (row) => row.way },
          { id: 'status', header: 'Status', cell: ({ answer }) => answer.status },
          { id: 'answer', header: 'Answer', cell: ({ answer }) => <Said text={answer.answer} /> },
          { id: 'ms', header: 'Milliseconds', cell: ({ answer }) => answer.milliseconds.toFixed(1) },
          {
            ...{ id: 'right', header: 'As expected' },
            cell: ({ answer: { expected } }) => (
              <StatusIndicator type={expected === null ? 'info' : expected ? 'success' : 'error'}>
                {expected === null ? 'Either is right' : expected ? 'Yes' : 'No'}
              </StatusIndicator>
            ),
          },
        ]}
      />
    </ViewFrame>
  );
}
