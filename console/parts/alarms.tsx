import Alert from '@cloudscape-design/components/alert';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState } from 'react';
import type { GatewayStatus } from '../../cli/ops/status.ts';
import { shown } from '../../cli/text/shown.ts';
import { useOperation } from '../asking.ts';
import { useSession } from '../session.ts';
import { Notes } from './notes.tsx';
import { Answer } from './states.tsx';
import { Ago } from './when.tsx';

/** The alarms that are on; on this machine there are none. */
export function Alarms({ status: { sources, gatewayAlarms } }: { readonly status: GatewayStatus }) {
  const { isLocal } = useSession();
  const alarms = [...gatewayAlarms, ...sources.flatMap((source) => source.alarms)];
  if (isLocal) return null;
  if (alarms.length === 0) return <StatusIndicator type="success">No alarm is on.</StatusIndicator>;
  return (
    <SpaceBetween size="s">
      {alarms.map(({ name, since, description }) => (
        <Alert key={name} type="error" header={shown(name)}>
          <div>
            On since <Ago time={since} />: {shown(description)}
          </div>
          <RunbookSection alarm={name} />
        </Alert>
      ))}
    </SpaceBetween>
  );
}

/** The runbook's section of an alarm, beside it: what it means, where to look, how to repair. */
function RunbookSection({ alarm }: { readonly alarm: string }) {
  const [isOpen, setOpen] = useState(false);
  const section = useOperation<{ readonly text: string }>('runbook', { alarm }, { isOn: isOpen });
  return (
    <ExpandableSection
      headerText="The runbook's section"
      expanded={isOpen}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      {isOpen && (
        <Answer of={section} what="the runbook" operation="runbook">
          {({ text }) => <Notes markdown={text} />}
        </Answer>
      )}
    </ExpandableSection>
  );
}
