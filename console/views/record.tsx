import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { AuditPage } from '../../cli/ops/audit/list.ts';
import type { Run } from '../../cli/ops/audit/runs.ts';
import { shown } from '../../cli/text/shown.ts';
import { go, linkTo } from '../address.ts';
import type { Address } from '../address.ts';
import { useOperation } from '../asking.ts';
import { Answer, Empty } from '../parts/states.tsx';
import { Said } from '../parts/text.tsx';
import { ViewFrame } from '../parts/view.tsx';
import { When } from '../parts/when.tsx';

/** The changes that operators made, and the bodies that they looked at. */
export default function Record({ address: { path, query } }: { readonly address: Address }) {
  const before = Number(query.before);
  const asked = useOperation<AuditPage>('audit list', Number.isInteger(before) && before > 0 ? { before } : {});
  return (
    <ViewFrame
      title="Record"
      description="The changes that operators made and the bodies that they looked at, the newest first (docs/record.md)."
      onRefresh={asked.reload}
    >
      <Answer of={asked} what="the record" operation="audit list">
        {({ runs, next }) => (
          <Table<Run>
            wrapLines
            items={runs}
            ariaLabels={{ tableLabel: 'The record' }}
            header={<Header variant="h2">Runs</Header>}
            empty={<Empty title="Nobody has changed anything, or looked at a body" />}
            columnDefinitions={[
              { id: 'at', header: 'At', isRowHeader: true, cell: ({ at }) => <When time={at} /> },
              { id: 'who', header: 'Who', cell: ({ who }) => <Said text={`${who.identity}, ${who.via}`} /> },
              { id: 'operation', header: 'Operation', cell: ({ operation }) => <Said text={operation} /> },
              { id: 'arguments', header: 'Arguments', cell: (run) => <Said text={JSON.stringify(run.arguments)} /> },
              { id: 'why', header: 'Why', cell: ({ reason }) => <Said text={reason} /> },
              {
                ...{ id: 'outcome', header: 'Outcome' },
                cell: ({ outcome, error }) => (
                  <StatusIndicator
                    type={outcome === 'succeeded' ? 'success' : outcome === 'failed' ? 'error' : 'warning'}
                  >
                    {shown(error === null ? outcome : `${outcome}: ${error}`)}
                  </StatusIndicator>
                ),
              },
            ]}
            footer={
              next !== null && (
                <Box textAlign="center">
                  <Button onClick={() => go(linkTo(path, { before: String(next) }))}>Older</Button>
                </Box>
              )
            }
          />
        )}
      </Answer>
    </ViewFrame>
  );
}
