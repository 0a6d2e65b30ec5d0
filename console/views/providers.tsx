import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { shown } from '../../cli/text/shown.ts';
import { go, linkTo } from '../address.ts';
import type { Address } from '../address.ts';
import { readProviders } from '../api.ts';
import type { Providers as Catalogue } from '../api.ts';
import { useAnswer } from '../asking.ts';
import { Typed } from '../parts/fields.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { ViewFrame } from '../parts/view.tsx';
import { useSession } from '../session.ts';

type Entry = Catalogue[number];

const textOf = ({ name, title, scheme, coverage, identity }: Entry): string =>
  [name, title, scheme, coverage, identity].join(' ').toLowerCase();

const seconds = (count: number): string =>
  count >= 86_400 ? `${Math.round(count / 86_400)} d` : count >= 3600 ? `${Math.round(count / 3600)} h` : `${count} s`;

/** Every provider that the gateway knows, and how each signs. */
export default function Providers({ address: { path, query } }: { readonly address: Address }) {
  const { sources } = useSession();
  const asked = useAnswer('providers', () => readProviders());
  const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (
    <ViewFrame
      title="Providers"
      description="Every provider that a source can name, and how its deliveries are signed."
    >
      <Typed
        label="Search"
        placeholder="a name, hmac, caller …"
        value={query.search ?? ''}
        onChange={(search) => go(linkTo(path, { search }), { replace: true })}
      />
      <Answer of={asked} what="the catalogue">
        {(entries) => {
          const found = entries.filter((entry) => words.every((word) => textOf(entry).includes(word)));
          return (
            <Table<Entry>
              wrapLines
              contentDensity="compact"
              items={found}
              trackBy="name"
              ariaLabels={{ tableLabel: 'Providers' }}
              header={
                <Header variant="h2" counter={`(${found.length} of ${entries.length})`}>
                  Catalogue
                </Header>
              }
              empty={<Empty title="No provider has all of these words" />}
              columnDefinitions={[
                { id: 'title', header: 'Provider', isRowHeader: true, cell: ({ title }) => shown(title) },
                { id: 'name', header: 'Name in the configuration', cell: ({ name }) => <code>{name}</code> },
                {
                  id: 'sources',
                  header: 'Sources here',
                  cell: ({ name }) =>
                    sources
                      .filter(({ provider }) => provider === name)
                      .map((source) => source.name)
                      .join(', ') || '–',
                },
                { id: 'scheme', header: 'Signature', cell: ({ scheme }) => scheme },
                { id: 'coverage', header: 'Covers', cell: ({ coverage }) => coverage },
                {
                  id: 'replay',
                  header: 'Replay window',
                  cell: ({ windows }) => (windows.replaySeconds === null ? 'none' : seconds(windows.replaySeconds)),
                },
                {
                  id: 'retries',
                  header: 'Retries for',
                  cell: ({ windows }) => (windows.retrySeconds === 0 ? 'unknown' : seconds(windows.retrySeconds)),
                },
                { id: 'missed', header: 'Missed events', cell: ({ missedEvents }) => (missedEvents ? 'fetched' : '–') },
                {
                  ...{ id: 'confidence', header: 'Facts' },
                  cell: ({ confidence }) => (
                    <StatusIndicator type={confidence === 'confirmed' ? 'success' : 'warning'}>
                      {confidence}
                    </StatusIndicator>
                  ),
                },
              ]}
            />
          );
        }}
      </Answer>
    </ViewFrame>
  );
}
