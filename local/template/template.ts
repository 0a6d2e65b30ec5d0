import { z } from 'zod';

const Resource = z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) });
const Parameter = z.object({ Type: z.string(), Default: z.string().optional() });

/** The parts of a CloudFormation template that the local gateway reads. */
export const Template = z.object({
  Resources: z.record(z.string(), Resource),
  Parameters: z.record(z.string(), Parameter).default({}),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.string() }).optional() }))
    .default({}),
});
export type Template = z.output<typeof Template>;
export type Resource = z.output<typeof Resource>;

/** A resource whose properties are resolved and of the form that its reader expects. */
export interface ResolvedResource<Properties> {
  readonly logicalId: string;
  readonly properties: Properties;
}

/** Something in the template that the local gateway does not know, or that cannot be right. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** Resolves every intrinsic function in a value. */
export type Resolve = (value: unknown) => unknown;

/** The template's resources of a type, their properties resolved and read by a schema. */
export function resourcesOf<Schema extends z.ZodType>(
  template: Template,
  resolve: Resolve,
  type: string,
  schema: Schema,
): ResolvedResource<z.output<Schema>>[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([logicalId, { Properties }]) => {
      const parsed = schema.safeParse(resolve(Properties));
      if (parsed.success) return { logicalId, properties: parsed.data };
      throw new TemplateError(`${logicalId} (${type}) is not as expected: ${z.prettifyError(parsed.error)}`);
    });
}
