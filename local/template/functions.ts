import { z } from 'zod';
import type { FunctionConfig } from '../lambda/function-config.ts';
import { attributesOf } from './attributes.ts';
import type { Scope } from './attributes.ts';
import type { Resolver } from './resolver.ts';
import type { SynthesizedStack } from './stack.ts';
import { resourcesOf } from './template.ts';

const TYPE = 'AWS::Lambda::Function';

const FunctionProperties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string().regex(/^nodejs/, { error: 'the local gateway runs functions of Node alone' }),
  MemorySize: z.coerce.number().default(128),
  /** Seconds. */
  Timeout: z.coerce.number().default(3),
  LoggingConfig: z.object({ LogFormat: z.enum(['JSON', 'Text']).default('Text') }).optional(),
  ReservedConcurrentExecutions: z.coerce.number().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
});

/** Execution environments of a function at a time: enough to show what happens side by side, few enough for a laptop. */
const MAX_ENVIRONMENTS = 4;

/** The template's functions with the environment, limits and code that the template gives them. */
export function readFunctions(stack: SynthesizedStack, { resolve, physicalName }: Resolver, scope: Scope) {
  return resourcesOf(stack.template, resolve, TYPE, FunctionProperties).map(
    ({ logicalId, properties }): FunctionConfig => {
      const { attributes } = attributesOf(TYPE, physicalName(logicalId), scope);
      return {
        // In logs and faults a function is called by what it is, whether or not it has a name of its own in AWS.
        name: logicalId,
        arn: attributes.Arn ?? logicalId,
        handler: properties.Handler,
        codeDirectory: stack.assetDirectory(properties.Code.S3Key),
        memoryMb: properties.MemorySize,
        timeoutMs: properties.Timeout * 1000,
        logFormat: properties.LoggingConfig?.LogFormat ?? 'Text',
        environment: properties.Environment?.Variables ?? {},
        maxEnvironments: Math.min(MAX_ENVIRONMENTS, properties.ReservedConcurrentExecutions ?? MAX_ENVIRONMENTS),
      };
    },
  );
}
