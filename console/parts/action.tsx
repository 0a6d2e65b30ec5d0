import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { shown } from '../../cli/text/shown.ts';
import { faultOf, run } from '../api.ts';
import type { Fault, Input as Given, Outcome } from '../api.ts';
import { useSession } from '../session.ts';
import { Report } from './report.tsx';
import { FaultAlert } from './states.tsx';

/** One run of an operation, with the name of what it is about. */
export interface Step {
  readonly about: string;
  readonly input: Given;
}

/** A change, before anybody has decided on it. */
export interface Plan {
  readonly operation: string;
  readonly title: string;
  /** The effect, said before anything is done. */
  readonly consequence: ReactNode;
  readonly steps: readonly Step[];
  /** The word on the button. */
  readonly verb: string;
  /** True if it cannot be taken back. */
  readonly isForGood?: boolean;
  /** True if it takes a secret, which is pasted. */
  readonly takesSecret?: boolean;
  /** True if the reason must be given. */
  readonly needsReason?: boolean;
}

type Result = { readonly about: string } & (
  { readonly outcome: Outcome; readonly fault?: never } | { readonly fault: Fault; readonly outcome?: never }
);

/** Asks before a change, runs it, and shows its result. */
export function Action({
  plan,
  onClose,
}: {
  readonly plan: Plan;
  /** Called when the reader is done; `isDone` if anything was tried. */
  readonly onClose: (isDone: boolean) => void;
}) {
  const {
    operation,
    title,
    consequence,
    steps,
    verb,
    isForGood = false,
    takesSecret = false,
    needsReason = false,
  } = plan;
  const { allowChanges, operations } = useSession();
  const [reason, setReason] = useState('');
  const [secret, setSecret] = useState('');
  const [results, setResults] = useState<readonly Result[]>();
  const [isRunning, setRunning] = useState(false);
  const about = operations.find(({ name }) => name === operation);
  const isReading = about?.effect === 'reads';

  const start = async (): Promise<void> => {
    setRunning(true);
    setResults([]);
    const why = reason.trim() === '' ? {} : { [nameOfWhy(about?.input)]: reason.trim() };
    for (const { about: name, input } of steps) {
      const result = await run(operation, { ...input, ...why }, takesSecret ? { secret } : {}).then(
        (outcome): Result => ({ about: name, outcome }),
        (error: unknown): Result => ({ about: name, fault: faultOf(error) }),
      );
      setResults((before = []) => [...before, result]);
    }
    // The secret was needed once, and is kept nowhere.
    setSecret('');
    setRunning(false);
  };

  const isReady = (!takesSecret || secret !== '') && (!needsReason || reason.trim() !== '');
  const isOver = results !== undefined && !isRunning;
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel="Close"
      onDismiss={() => {
        if (!isRunning) onClose(results !== undefined);
      }}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            {isOver ? (
              <Button variant="primary" onClick={() => onClose(true)}>
                Close
              </Button>
            ) : (
              <>
                <Button variant="link" disabled={isRunning} onClick={() => onClose(false)}>
                  Cancel
                </Button>
                <Button
                  variant="primary"
                  loading={isRunning}
                  disabled={!isReady || !(allowChanges || isReading)}
                  onClick={() => void start()}
                >
                  {verb}
                </Button>
              </>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {results === undefined ? (
          <>
            {!(allowChanges || isReading) && (
              <Alert type="info" header="This console only reads">
                {'Start it again with '}
                <Box variant="code">npm run console -- --allow-changes</Box>
                {'.'}
              </Alert>
            )}
            <Alert
              type={isForGood ? 'warning' : 'info'}
              header={isForGood ? 'This cannot be taken back' : 'The effect'}
            >
              {consequence}
            </Alert>
            {takesSecret && (
              <FormField label="The secret" description="Paste it. It is not shown, here or later.">
                <Input
                  type="password"
                  autoComplete={false}
                  spellcheck={false}
                  value={secret}
                  onChange={({ detail }) => setSecret(detail.value)}
                />
              </FormField>
            )}
            <FormField
              label={needsReason ? 'Why' : 'Why (optional)'}
              description={
                needsReason ? 'Everybody who looks at the status sees it.' : 'The record of what operators do keeps it.'
              }
            >
              <Input value={reason} onChange={({ detail }) => setReason(detail.value.slice(0, 200))} />
            </FormField>
          </>
        ) : (
          <Results results={results} of={steps.length} operation={operation} isRunning={isRunning} />
        )}
      </SpaceBetween>
    </Modal>
  );
}

/** The input of an operation that says why it is run: `why` if its `reason` says which events are meant. */
function nameOfWhy(schema: unknown): 'why' | 'reason' {
  const { properties = {} } = (schema ?? {}) as { readonly properties?: Readonly<Record<string, unknown>> };
  return 'why' in properties ? 'why' : 'reason';
}

function Results({
  results,
  of,
  operation,
  isRunning,
}: {
  readonly results: readonly Result[];
  readonly of: number;
  readonly operation: string;
  readonly isRunning: boolean;
}) {
  return (
    <SpaceBetween size="s">
      {of > 1 && (
        <ProgressBar
          value={(results.length / of) * 100}
          label={`${results.length} of ${of}`}
          status={isRunning ? 'in-progress' : 'success'}
          resultText="All were tried."
        />
      )}
      {of === 1 && results.length === 0 && <Box color="text-status-inactive">Under way …</Box>}
      {results.map(({ about, outcome, fault }, index) =>
        fault ? (
          <SpaceBetween key={index} size="xxs">
            {of > 1 && <b className="said">{shown(about)}</b>}
            <FaultAlert fault={fault} operation={operation} />
          </SpaceBetween>
        ) : (
          <Alert
            key={index}
            type={outcome.needsAttention ? 'warning' : 'success'}
            header={of > 1 ? shown(about) : undefined}
          >
            <Report text={outcome.text} />
            {outcome.notes.map((note, at) => (
              <div key={at}>{shown(note)}</div>
            ))}
          </Alert>
        ),
      )}
    </SpaceBetween>
  );
}
