import { z } from 'zod';
import type { MappingConfig } from '../event-source-mapping.ts';
import type { FunctionConfig } from '../lambda/function-config.ts';
import { attributesOf } from './attributes.ts';
import type { Scope } from './attributes.ts';
import type { Resolver } from './resolver.ts';
import { resourcesOf, TemplateError } from './template.ts';
import type { Template } from './template.ts';

const MappingProperties = z.object({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: z.coerce.number().default(10),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.coerce.number() }).optional(),
});

/** An event source mapping of the template, with the function that it invokes. */
export interface Mapping {
  readonly config: MappingConfig;
  readonly target: FunctionConfig;
}

/** The template's enabled mappings from queues to functions. */
export function readMappings(
  template: Template,
  { resolve, physicalName }: Resolver,
  scope: Scope,
  functions: readonly FunctionConfig[],
): Mapping[] {
  const urls = new Map(
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === QUEUE)
      .map(([logicalId]) => attributesOf(QUEUE, physicalName(logicalId), scope))
      .map(({ ref, attributes }) => [attributes.Arn, ref] as const),
  );
  return resourcesOf(template, resolve, 'AWS::Lambda::EventSourceMapping', MappingProperties)
    .filter(({ properties }) => properties.Enabled)
    .map(({ logicalId, properties }) => {
      const target = functions.find(({ name, arn }) => [name, arn].includes(properties.FunctionName));
      if (!target)
        throw new TemplateError(
          `${logicalId} invokes ${properties.FunctionName}, which is not a function of this stack`,
        );
      const queueUrl = urls.get(properties.EventSourceArn);
      if (queueUrl === undefined)
        throw new TemplateError(`${logicalId} polls ${properties.EventSourceArn}, which is not a queue of this stack`);
      const config = {
        queueUrl,
        queueArn: properties.EventSourceArn,
        region: scope.region,
        batchSize: Math.min(10, properties.BatchSize),
        // More batches than execution environments would only wait for one, and their messages time out meanwhile.
        maximumConcurrency: Math.min(target.maxEnvironments, properties.ScalingConfig?.MaximumConcurrency ?? Infinity),
        reportsFailures: properties.FunctionResponseTypes.length > 0,
      };
      return { config, target };
    });
}

const QUEUE = 'AWS::SQS::Queue';
