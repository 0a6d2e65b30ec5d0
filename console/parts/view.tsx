import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

/** A view: its heading, what can be done with all of it, and what it shows. */
export const ViewFrame = ({
  title,
  description,
  actions,
  onRefresh,
  children,
}: {
  readonly title: string;
  readonly description: string;
  readonly actions?: ReactNode;
  readonly onRefresh?: (() => void) | undefined;
  readonly children: ReactNode;
}) => (
  <SpaceBetween size="l">
    <Header
      variant="h1"
      description={description}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {actions}
          {onRefresh && <Button iconName="refresh" ariaLabel="Refresh" onClick={onRefresh} />}
        </SpaceBetween>
      }
    >
      {title}
    </Header>
    {children}
  </SpaceBetween>
);
