import { auditExport } from './audit/export.ts';
import { auditList } from './audit/list.ts';
import { auditVerify } from './audit/verify.ts';
import { registerOperation, registrationOperation } from './registration/register.ts';
import { reportOperation } from './report/report.ts';
import { trafficOperation } from './report/traffic.ts';
import { deadLettersDrop } from './dead-letters/drop.ts';
import { deadLettersList } from './dead-letters/list.ts';
import { redriveOperation } from './dead-letters/redrive.ts';
import { eventOperation } from './event.ts';
import { eventsList } from './events/list.ts';
import { explainOperation } from './explain.ts';
import { missedRun, missedStatus } from './missed.ts';
import type { Operation } from './operation.ts';
import { refusedOperation } from './refused/refused.ts';
import { pause, resume } from './pause.ts';
import { quarantineDrop } from './quarantine/drop.ts';
import { quarantineList } from './quarantine/list.ts';
import { quarantineRelease } from './quarantine/release.ts';
import { replayOperation } from './reprocess/reprocess.ts';
import { secretPromote } from './secret/promote.ts';
import { secretRevokePrevious } from './secret/revoke-previous.ts';
import { secretSet } from './secret/set.ts';
import { secretStage } from './secret/stage.ts';
import { secretStatus } from './secret/status.ts';
import { status } from './status.ts';
import { runbook } from './runbook.ts';
import { urls } from './urls.ts';

/** Every operation, in the order of the help. The command line and the MCP server are bound to this list. */
export const OPERATIONS: readonly Operation[] = [
  ...[status, eventsList, eventOperation, refusedOperation, explainOperation],
  ...[deadLettersList, deadLettersDrop, redriveOperation],
  ...[quarantineList, quarantineRelease, quarantineDrop],
  ...[replayOperation, pause, resume],
  ...[missedRun, missedStatus],
  ...[registerOperation, registrationOperation],
  ...[secretStatus, secretSet, secretStage, secretPromote, secretRevokePrevious],
  ...[auditList, auditVerify, auditExport],
  ...[reportOperation, trafficOperation],
  ...[urls, runbook],
];

/** The subject of each group of operations, by the first word of their names. */
export const GROUPS: Readonly<Record<string, string>> = {
  'dead-letters': 'Events whose processing failed.',
  quarantine: 'Authentic events that wait for a decision.',
  missed: 'Events that a provider failed to deliver (docs/missed-events.md).',
  audit: 'The record of what operators did (docs/record.md).',
  secret: 'The signing secrets of the sources (docs/secrets.md).',
};
