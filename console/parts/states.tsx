import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { ReactNode } from 'react';
import { shown } from '../../cli/text/shown.ts';
import type { Fault } from '../api.ts';
import type { Asked } from '../asking.ts';
import { useSession } from '../session.ts';

/** The text in the place of an empty list, and a way on from there. */
export const Empty = ({ title, children }: { readonly title: string; readonly children?: ReactNode }) => (
  <Box textAlign="center" color="inherit" padding={{ vertical: 's' }}>
    <SpaceBetween size="xxs">
      <b>{title}</b>
      {children !== undefined && <Box color="inherit">{children}</Box>}
    </SpaceBetween>
  </Box>
);

export const Loading = ({ what }: { readonly what: string }) => (
  <Box padding="m" color="text-status-inactive">
    <Spinner /> {`Loading ${what} …`}
  </Box>
);

const HEADERS: Readonly<Record<Fault['kind'], string>> = {
  'not-authorized': 'This page has no token of this start',
  'read-only': 'This console only reads',
  permission: 'Your credentials do not allow this',
  input: 'That cannot be asked for',
  operator: 'That cannot be done',
  failed: 'That failed',
};

/** A fault in words, with the rights that are missing. */
export function FaultAlert({
  fault,
  operation,
  onRetry,
}: {
  readonly fault: Fault;
  readonly operation?: string | undefined;
  readonly onRetry?: (() => void) | undefined;
}) {
  const { operations } = useSession();
  const permissions = operations.find(({ name }) => name === operation)?.permissions ?? [];
  return (
    <Alert
      type={fault.kind === 'permission' ? 'warning' : 'error'}
      header={HEADERS[fault.kind]}
      action={onRetry && <Button onClick={onRetry}>Try again</Button>}
    >
      {fault.lines.map((line, index) => (
        <div key={index}>{shown(line)}</div>
      ))}
      {fault.kind === 'permission' && permissions.length > 0 && (
        <div>{`It takes ${permissions.join(', ')} (docs/console.md).`}</div>
      )}
    </Alert>
  );
}

/** Shows an answer once it has come. Before that it shows that the answer is coming, or the fault if it does not come. */
export function Answer<Data>({
  of: { data, fault, isLoading, reload },
  what,
  operation,
  children,
}: {
  readonly of: Asked<Data>;
  /** A word for the thing that is loaded. */
  readonly what: string;
  readonly operation?: string;
  readonly children: (data: Data) => ReactNode;
}) {
  return (
    <SpaceBetween size="m">
      {fault && <FaultAlert fault={fault} operation={operation} onRetry={reload} />}
      {data === undefined ? isLoading && <Loading what={what} /> : children(data)}
    </SpaceBetween>
  );
}
