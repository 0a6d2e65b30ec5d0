import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { shown } from '../../cli/text/shown.ts';

const TYPES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  PENDING: 'pending',
  QUEUED: 'in-progress',
  PROCESSED: 'success',
  QUARANTINED: 'warning',
};

/** An event's status, as a mark and a word. */
export const EventStatus = ({ status }: { readonly status: string | undefined }) => (
  <StatusIndicator type={TYPES[status ?? ''] ?? 'info'}>{shown(status ?? 'unknown')}</StatusIndicator>
);
