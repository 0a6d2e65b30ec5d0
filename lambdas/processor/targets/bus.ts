import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { traced } from '../../adapters/trace.ts';
import { publishingWith } from '../publishing.ts';
import { settings } from './deliver.ts';

/** Publishes to a bus that is not the gateway's own, such as that of another account or region: the setting `busName` is its ARN. */
export const makeHandler = publishingWith(traced(new EventBridgeClient(settings), 'EventBridge'));
