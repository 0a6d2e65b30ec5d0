import type { z } from 'zod';
import type { OptionSpec, Provider } from '../../lambdas/core/provider.ts';
import type { Options } from '../../lambdas/core/envelope.ts';
import { flag, httpsUrl, oneOf, section, text, wholeNumber } from './checks.ts';

/** Options that a source states beside its provider, because they mean the same wherever a provider has them. */
const STATED_BY_SOURCE: readonly string[] = ['environment', 'publicUrl'];

/** The schema of a provider's own options: an unknown one is refused, a missing one gets its default. */
export function optionsSchema({ options }: Provider) {
  const own = Object.entries(options).filter(([name]) => !STATED_BY_SOURCE.includes(name));
  const shape = Object.fromEntries(own.map(([name, spec]) => [name, optionSchema(spec)]));
  return section(shape).prefault({});
}

type OptionSchema = z.ZodType<Options[string]>;

function optionSchema(spec: OptionSpec): OptionSchema {
  switch (spec.type) {
    case 'string':
      return withDefault(text(spec.pattern), spec.default);
    case 'choice':
      return withDefault(oneOf(spec.choices), spec.default);
    case 'url':
      return withDefault(httpsUrl, spec.default);
    case 'integer':
      return withDefault(wholeNumber(spec.min, spec.max), spec.default);
    case 'boolean':
      return withDefault(flag, spec.default);
  }
}

/** A default is checked like a given value: a provider whose default its own rule refuses is found by the first test. */
const withDefault = (schema: OptionSchema, value: Options[string]): OptionSchema =>
  value === undefined ? schema.optional() : schema.prefault(value);
