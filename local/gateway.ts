import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ENV } from '../lambdas/contract.ts';
import { localSecrets } from '../cli/local-gateway.ts';
import { allowedHosts } from './allowed-hosts.ts';
import { serveApi } from './api/api-gateway.ts';
import type { ApiGatewayParts } from './api/api-gateway.ts';
import { startAwsEndpoint } from './aws-endpoint.ts';
import { callLog } from './call-log.ts';
import { startMapping } from './event-source-mapping.ts';
import { faults } from './faults.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { close, LOOPBACK } from './http.ts';
import { provisionHandlerSecrets } from './handler-secrets.ts';
import { INSPECTION_PREFIX, serveInspection } from './inspection.ts';
import { withLocalKeys } from './published-keys.ts';
import type { InvokeResult } from './lambda/function-config.ts';
import { startFunctions } from './lambda/functions.ts';
import { metricsLog } from './metrics-log.ts';
import { localCredentials, missedEventsControl, withLocalUrls } from './missed-events.ts';
import { startScheduler } from './scheduler.ts';
import { lambdaControl } from './services/lambda.ts';
import { targetServices } from './services/target-stand-in.ts';
import type { TakenCall } from './services/target-stand-in.ts';
import { provisionTargets, targetFunctions, targetSecrets } from './targets.ts';
import { startServices } from './services/services.ts';
import { ACCOUNT_ID } from './services/sqs.ts';
import { listenOn, makeTemporary } from './prepare.ts';
import { refusals } from './refusals.ts';
import type { LocalSource } from './sources.ts';
import { readWiring } from './sources.ts';
import { viewStack } from './stack-view.ts';
import type { OperatorAccess } from './stack-view.ts';
import { teardown } from './teardown.ts';
import { readFunctions } from './template/functions.ts';
import { readMappings } from './template/mappings.ts';
import { provision, provisionSecrets } from './template/provision.ts';
import { resolver } from './template/resolver.ts';
import { readRestApi } from './template/rest-api.ts';
import { readSchedules } from './template/schedules.ts';
import { synthesize } from './template/stack.ts';

/** A gateway that runs on this machine. */
export interface LocalGateway {
  readonly url: string;
  readonly sources: readonly LocalSource[];
  /** How an AWS client reaches its services, as an operator. */
  readonly aws: OperatorAccess;
  /** The calls by which events were handed over to targets that are services of AWS, oldest first. */
  readonly taken: () => readonly TakenCall[];
  /**
   * Ends a function's processes at once, as a crash would; the next invocation starts a new one. Resolves to the payloads of
   * the invocations that were under way.
   */
  crash(functionName: string): Promise<readonly string[]>;
  /** Ends every process and connection. */
  stop(): Promise<void>;
}

const REGION = 'us-east-1';

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Starts the gateway of a configuration on this machine: synthesizes the stack and runs what its template says on the
 * stand-ins. Rejects before anything else is done if the port cannot be had.
 */
export async function startGateway(options: GatewayOptions): Promise<LocalGateway> {
  const { config, environment = {}, onCall, onSynth, onUnanswered, signal } = options;
  const refused = refusals();
  const metrics = metricsLog();
  const log = (line: string): void => {
    refused.addLine(line);
    metrics.addLine(line);
    options.log?.(line);
  };
  const down = teardown();
  const isAllowedHost = allowedHosts(config, environment);
  try {
    // Requests that come before everything runs wait for it.
    const ready = Promise.withResolvers<Serve>();
    ready.promise.catch(() => undefined);
    const server = createServer((request, response) => {
      ready.promise
        .then((serve) => serve(request, response))
        .catch((error: unknown) => {
          log(`a request failed: ${error instanceof Error ? error.message : String(error)}`);
          response.destroy();
        });
    });
    const url = `http://${LOOPBACK}:${await listenOn(server, options.port)}`;
    down.add(() => close(server));

    const directory = await makeTemporary();
    down.add(() => rm(directory, { recursive: true, force: true }));
    const services = await startServices(REGION, ACCOUNT_ID, options.dataDirectory);
    down.add(() => services.stop());
    const calls = callLog(undefined, onCall);
    const faultRules = faults();
    const lambda = lambdaControl();
    const targets = targetServices();
    const invoked = targets.functionsBeside(lambda.handle, targetFunctions(config));
    const awsServices = { ...services.bySigningName, ...targets.bySigningName, lambda: invoked };
    const token = randomBytes(32).toString('base64url');
    const endpoint = await startAwsEndpoint({ token, services: awsServices, calls, faults: faultRules, log });
    down.add(() => endpoint.stop());

    const stack = await synthesize(config, { signal, ...(onSynth && { onSynth }) });
    signal?.throwIfAborted();
    const scope = { stackName: stack.name, region: REGION, accountId: ACCOUNT_ID, awsEndpoint: endpoint.url };
    const resolved = resolver(stack.template, scope);
    const functionConfigs = withLocalUrls(
      withLocalKeys(readFunctions(stack, resolved, scope), config, environment),
      url,
    );
    const api = readRestApi(stack.template, resolved.resolve, scope, functionConfigs);
    const wiring = readWiring(functionConfigs, api, url, config.sources);
    await provision(stack.template, resolved, services);
    await provisionTargets(config, { sqs: services.sqs.client, eventBridge: services.eventBridge });
    const arns = new Map(wiring.sources.map(({ name, secretArn }) => [name, secretArn]));
    const secrets = config.sources.map(
      (source) => [arns.get(source.name) ?? '', localSecrets(source, environment).stored] as const,
    );
    provisionSecrets(
      stack.template,
      resolved,
      scope,
      services.secretsManager.store,
      new Map([
        ...secrets,
        ...localCredentials(functionConfigs, config, environment),
        ...targetSecrets(functionConfigs, config, environment),
      ]),
    );

    provisionHandlerSecrets(functionConfigs, config, environment, services.secretsManager.store);

    const functions = await startFunctions(functionConfigs, {
      directory,
      awsEndpoint: endpoint.url,
      awsToken: token,
      region: REGION,
      log,
    });
    down.add(() => functions.stop());
    lambda.serve(functions);
    for (const { config: mapping, target } of readMappings(stack.template, resolved, scope, functionConfigs)) {
      const invoke = async (payload: string): Promise<InvokeResult> => {
        const result = await functions.invoke(target, payload);
        if (!result.ok) onUnanswered?.(payload, result.error.errorType);
        return result;
      };
      const poller = startMapping(mapping, services.sqs.client, invoke, log);
      down.add(() => poller.stop());
    }

    const scheduler = startScheduler(readSchedules(stack.template, resolved, functionConfigs), functions.invoke, log);
    down.add(scheduler.stop);

    const access = {
      ...{ endpoint: endpoint.url, region: REGION },
      credentials: { accessKeyId: 'operator', secretAccessKey: 'local', sessionToken: token },
    };
    const inspection = {
      access,
      missedEvents: missedEventsControl(functionConfigs, functions.invoke),
      services,
      wiring,
      stack: viewStack(stack.template, resolved, scope),
      calls,
      faults: faultRules,
      refusals: refused,
      metrics,
    };
    const onAnswer: ApiGatewayParts['onAnswer'] = ({ environment: { [ENV.source]: source = '' } }, event, answer) =>
      refused.addAnswer(source, event, answer, new Date().toISOString());
    const apiParts = { api, invoke: functions.invoke, log, isAllowedHost, onAnswer };
    ready.resolve((request, response) =>
      request.url?.startsWith(INSPECTION_PREFIX)
        ? serveInspection(request, response, inspection)
        : serveApi(request, response, apiParts),
    );
    return {
      url,
      sources: wiring.sources,
      aws: access,
      taken: targets.taken,
      crash: functions.crash,
      stop: () => down.run(),
    };
  } catch (error) {
    await down.run();
    throw error;
  }
}
