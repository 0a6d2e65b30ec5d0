import Modal from '@cloudscape-design/components/modal';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

/** Asks before bodies are shown: what they can be, and that the look is recorded. */
export function AskForBodies({ onAnswer }: { readonly onAnswer: (why: string | undefined) => void }) {
  const [why, setWhy] = useState('');
  return (
    <Modal
      visible
      header="Show the bodies"
      closeAriaLabel="Close"
      onDismiss={() => onAnswer(undefined)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onAnswer(undefined)}>
              Cancel
            </Button>
            <Button variant="primary" onClick={() => onAnswer(why.trim())}>
              Show the bodies
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning" header="The bodies can be health data">
          The record of what operators do keeps who has looked at them, when and why.
        </Alert>
        <FormField label="Why (optional)">
          <Input value={why} onChange={({ detail }) => setWhy(detail.value.slice(0, 500))} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
