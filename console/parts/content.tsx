import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useState } from 'react';
import type { Content as Shown } from '../../cli/ops/event-content.ts';
import { shown } from '../../cli/text/shown.ts';
import { faultOf, run } from '../api.ts';
import type { Fault } from '../api.ts';
import { Empty, FaultAlert } from './states.tsx';
import { Lines, Said } from './text.tsx';

/** An event's body and evidence: shown only when asked for, because they can be health data and each look is recorded. */
export function Content({ source, eventKey }: { readonly source: string; readonly eventKey: string }) {
  const [reason, setReason] = useState('');
  const [content, setContent] = useState<Shown | null>();
  const [fault, setFault] = useState<Fault>();
  const [isLoading, setLoading] = useState(false);

  const look = async (): Promise<void> => {
    setLoading(true);
    setFault(undefined);
    const why = reason.trim();
    const input = { source, key: eventKey, showBodies: true, ...(why !== '' && { reason: why }) };
    await run<{ readonly content: Shown | null }>('event', input).then(
      ({ data }) => setContent(data.content),
      (error: unknown) => setFault(faultOf(error)),
    );
    setLoading(false);
  };

  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={content !== undefined && <Button onClick={() => setContent(undefined)}>Hide</Button>}
        >
          Body and evidence
        </Header>
      }
    >
      <SpaceBetween size="m">
        {fault && <FaultAlert fault={fault} operation="event" />}
        {content === undefined && (
          <SpaceBetween size="s">
            <Alert type="warning" header="The body can be health data">
              The record of what operators do keeps who has looked at it, when and why.
            </Alert>
            <FormField label="Why (optional)">
              <Input value={reason} onChange={({ detail }) => setReason(detail.value.slice(0, 500))} />
            </FormField>
            <Button loading={isLoading} onClick={() => void look()}>
              Show the body
            </Button>
          </SpaceBetween>
        )}
        {content === null && (
          <Empty title="Its body cannot be read yet">
            It can once the event is archived, which happens before it is handled.
          </Empty>
        )}
        {content && <Body content={content} />}
      </SpaceBetween>
    </Container>
  );
}

const PLACES = { archive: 'the archive', quarantine: 'quarantine', 'dead letters': 'the dead-letter queue' } as const;

function Body({ content: { place, contentType, headers, body } }: { readonly content: Shown }) {
  const pretty = prettyOf(body);
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Content type', value: <Said text={contentType} /> },
          { label: 'Read from', value: PLACES[place] },
          {
            label: 'Length',
            value: body.startsWith('base64: ')
              ? 'bytes that are not text'
              : `${new TextEncoder().encode(body).length} bytes`,
          },
        ]}
      />
      <Tabs
        ariaLabel="The body"
        tabs={[
          ...(pretty === undefined
            ? []
            : [{ id: 'pretty', label: 'Pretty', content: <Lines text={pretty} label="The body, as indented JSON" /> }]),
          { id: 'raw', label: 'Raw', content: <Lines text={body} label="The body, as it came" /> },
          {
            ...{ id: 'evidence', label: 'Signature headers' },
            content: (
              <Lines
                label="The signature headers, as they came"
                text={Object.entries(headers)
                  .map(([name, value]) => `${shown(name)}: ${shown(value)}`)
                  .join('\n')}
              />
            ),
          },
        ]}
      />
    </SpaceBetween>
  );
}

/** A JSON body with indentation; undefined if it is not JSON. Numbers that JavaScript cannot hold are only right in the raw body. */
function prettyOf(body: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return undefined;
  }
}
