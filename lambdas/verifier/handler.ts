import { logger, metrics, ports, source } from './compose.ts';
import { responder } from './respond.ts';

/** Answers one delivery of one source. */
export const handler = responder(source, { logger, metrics }, ports);
