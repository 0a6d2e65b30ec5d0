import { Argument, InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Operation } from './operation.ts';

/** A property of an operation's input, as the command line sees it. */
interface Property {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly description: string;
  readonly type: 'boolean' | 'number' | 'string';
  readonly isRequired: boolean;
  /** Absent if the operation names none. */
  readonly default?: unknown;
}

/** Gives a command an argument or an option for each property of the operation's input. */
export function addInputs(command: Command, { input, positional = [] }: Operation): Command {
  const properties = new Map(propertiesOf(input).map((property) => [property.name, property]));
  for (const name of positional) {
    const property = properties.get(name);
    if (!property) throw new Error(`the operation has no input "${name}"`);
    command.addArgument(new Argument(property.isRequired ? `<${name}>` : `[${name}]`, property.description));
    properties.delete(name);
  }
  for (const property of properties.values()) command.addOption(optionOf(property));
  return command;
}

/** The operation's input from what the command line said; what was not said is absent. */
export function readInputs(command: Command, { input, positional = [] }: Operation): Record<string, unknown> {
  const options = command.opts<Record<string, unknown>>();
  const values = [
    ...positional.map((name, index): [string, unknown] => [name, command.args[index]]),
    ...Object.keys(input.shape)
      .filter((name) => !positional.includes(name))
      .map((name): [string, unknown] => [name, options[name]]),
  ];
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function optionOf({ name, schema, description, type, isRequired, default: fallback }: Property): Option {
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (type === 'boolean') return new Option(flag, description);
  const option = new Option(`${flag} <${type === 'number' ? 'n' : name}>`, description);
  if (fallback !== undefined) option.default(fallback);
  if (isRequired) option.makeOptionMandatory();
  return option.argParser((text) => {
    // A text that is empty, or is hexadecimal, is not a number that a person types.
    const value = type === 'number' ? (/^\d+$/.test(text) ? Number(text) : NaN) : text;
    const { error } = schema.safeParse(value);
    if (error) throw new InvalidArgumentError(error.issues[0]?.message ?? 'It is not valid.');
    return value;
  });
}

function propertiesOf(input: z.ZodObject): Property[] {
  return Object.entries(input.shape).map(([name, schema]) => {
    if (!(schema instanceof z.ZodType)) throw new Error(`the input "${name}" has no schema`);
    const { type, description = '', default: fallback } = jsonOf(schema);
    return {
      ...{ name, schema, description, isRequired: !schema.safeParse(undefined).success },
      type: type === 'boolean' ? 'boolean' : type === 'integer' || type === 'number' ? 'number' : 'string',
      ...(fallback !== undefined && { default: fallback }),
    };
  });
}

/** The JSON Schema of a property. */
const jsonOf = (
  schema: z.ZodType,
): { readonly type?: string; readonly description?: string; readonly default?: unknown } =>
  z.toJSONSchema(schema, { io: 'input' }) as ReturnType<typeof jsonOf>;
