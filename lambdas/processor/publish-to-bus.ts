import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CLIENT_BOUNDS } from '../adapters/clients.ts';
import { traced } from '../adapters/trace.ts';
import { publishingWith } from './publishing.ts';

/** The default handler: publishes each event to the gateway's bus, so that a rule can take it from there. */
export const makeHandler = publishingWith(traced(new EventBridgeClient(CLIENT_BOUNDS), 'EventBridge'));
