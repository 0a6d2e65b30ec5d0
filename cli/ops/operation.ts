import { z } from 'zod';
import type { Ops } from './ops.ts';
import type { Report } from './output.ts';

/** The effect of an operation on the gateway or its events. */
export type Effect = 'reads' | 'changes';

/** Input and output of an operation, each an object or another value as zod describes it. */
export interface OperationSpec<Input extends z.ZodObject, Output extends z.ZodType> {
  /** The words of the command: `quarantine release`. */
  readonly name: string;
  /** One sentence or two: what the operation does, for the help of the command and of the tool. */
  readonly summary: string;
  /** The input of the operation. Each property has a description; it is an option of the command, or one of {@link positional}. */
  readonly input: Input;
  /** The properties that the command takes without an option's name, in this order. */
  readonly positional?: readonly (keyof z.infer<Input> & string)[];
  /** The data that `--json` prints and that the tool returns. */
  readonly output: Output;
  readonly effect: Effect;
  /** The IAM actions that it takes on AWS, beside {@link EVERY_OPERATION}. */
  readonly permissions: readonly string[];
  /** True if the group's name alone means this operation: `dead-letters <source>` is `dead-letters list <source>`. */
  readonly isDefault?: boolean;
  /** True if it takes a secret from outside its input: from standard input, or on the MCP server from a file. */
  readonly takesSecret?: boolean;
  /** The inputs that name files at the desk to be read: a program that may not read them offers none of these. */
  readonly readsFiles?: readonly (keyof z.infer<Input> & string)[];
  /** True for an input with which the operation works without any gateway. */
  isOffline?(input: z.infer<Input>): boolean;
  run(ops: Ops, input: z.infer<Input>): Promise<Report<z.input<Output>>>;
}

/** The IAM actions with which every operation finds the stack's parts. */
export const EVERY_OPERATION = ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackResource'] as const;

/** An operation of any input and output, as the bindings see it. */
export type Operation = OperationSpec<z.ZodObject, z.ZodType>;

/**
 * Defines an operation. It is defined here and nowhere else: the command line and the MCP server are bound to the definition,
 * and check an input by its schema before it runs. One that the record is about is also told why it is run.
 */
export const operation = <Input extends z.ZodObject, Output extends z.ZodType>(
  spec: OperationSpec<Input, Output>,
): Operation => ({
  ...spec,
  input: mayBeRecorded(spec) && !saysWhy(spec.input) ? spec.input.extend({ [whyOf(spec.input)]: why }) : spec.input,
  isOffline: (input) => spec.isOffline?.(spec.input.parse(input)) ?? false,
  run: (ops, input) => spec.run(ops, spec.input.parse(input)),
});

const why = z.string().max(500).optional().describe('why you do it, for the record (docs/record.md)');

/** The `reason` of an operation that must be told why it is run; the record keeps it too. */
export const shownReason = z.string().trim().min(1).max(200).describe('why: ops status shows it to everybody');

const saysWhy = ({ shape }: z.ZodObject): boolean => shape.reason === shownReason;

/** The name of the input that says why: `reason`, or `why` if an operation's `reason` says which events are meant. */
const whyOf = ({ shape }: z.ZodObject): 'reason' | 'why' =>
  'reason' in shape && shape.reason !== why ? 'why' : 'reason';

const mayBeRecorded = ({ effect, input }: Pick<Operation, 'effect' | 'input'>): boolean =>
  effect === 'changes' || 'showBodies' in input.shape;

/** Whether a run of the operation is recorded: if it changes something, or shows bodies. */
export const isRecorded = ({ effect }: Operation, input: Readonly<Record<string, unknown>>): boolean =>
  effect === 'changes' || input.showBodies === true;

/** The arguments and the reason of a run: the parts of an input that the record keeps. */
export function statedOf({ input: schema }: Operation, input: Readonly<Record<string, unknown>>) {
  const name = schema.shape.why === why ? 'why' : 'reason';
  const { [name]: reason, ...given } = input;
  return { arguments: given, reason: typeof reason === 'string' ? reason : undefined };
}
