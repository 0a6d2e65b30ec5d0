import Table from '@cloudscape-design/components/table';
import { shown } from '../../cli/text/shown.ts';
import type { Outcome } from '../api.ts';

type Block = Outcome['text'][number];

/** The report of an operation, without the commands that it suggests to somebody at a terminal. */
export const Report = ({ text }: { readonly text: readonly Block[] }) => (
  <>
    {text.filter(isForReaders).map((block, index) =>
      typeof block === 'string' ? (
        <div key={index} className="said">
          {shown(block)}
        </div>
      ) : (
        <Table
          key={index}
          variant="embedded"
          items={block.rows.map((row) => [...row])}
          columnDefinitions={block.head.map((head, column) => ({
            ...{ id: String(column), header: shown(head) },
            cell: (row: (string | number)[]) => shown(String(row[column] ?? '')),
          }))}
        />
      ),
    )}
  </>
);

const isForReaders = (block: Block): boolean => typeof block !== 'string' || !block.startsWith('Next: ');
