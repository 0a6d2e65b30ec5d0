import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { LEDGER } from '../../lambdas/contract.ts';
import { compileCondition, compileUpdate } from './expressions.ts';
import type { Item } from './expressions.ts';

/** The parts that every conditional write carries. */
interface Write {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/** Told of every write: the item before and after it. */
export type Watch = (before: Item | undefined, after: Item | undefined) => void;

/**
 * A DynamoDB table in memory, so that the explorer runs the real adapters: `execute` is one atomic call, as DynamoDB makes
 * it. conformance.test.ts holds it against dynalite.
 */
export class MemoryTable {
  readonly #items = new Map<string, Item>();
  readonly #watch: Watch;
  #text: string | undefined;

  constructor(watch: Watch = () => undefined) {
    this.#watch = watch;
  }

  execute(command: unknown): { Attributes?: Item; Item?: Item } {
    if (command instanceof GetItemCommand) {
      const item = this.#items.get(primaryKey(command.input.Key));
      return item ? { Item: item } : {};
    }
    if (command instanceof PutItemCommand) {
      const { Item: item = {} } = command.input;
      const id = primaryKey(item);
      this.#check(this.#items.get(id), command.input);
      this.#store(id, { ...item });
      return {};
    }
    if (command instanceof UpdateItemCommand) return this.#update(command);
    throw new Error('a command that the memory table does not know');
  }

  all = (): Item[] => [...this.#items.values()];

  /** Removes an item, as DynamoDB's TTL does. */
  remove(item: Item): void {
    this.#store(primaryKey(item), undefined);
  }

  /** All of it, as text: what tells two states apart. */
  state = (): string => (this.#text ??= JSON.stringify([...this.#items].sort(([a], [b]) => (a < b ? -1 : 1))));

  #update({ input }: UpdateItemCommand): { Attributes?: Item } {
    const id = primaryKey(input.Key);
    const before = this.#items.get(id);
    this.#check(before, input);
    const after = { ...(before ?? input.Key) };
    compileUpdate(input.UpdateExpression ?? '')(scopeOf(before, input), after);
    this.#store(id, after);
    if (input.ReturnValues === 'ALL_NEW') return { Attributes: after };
    if (input.ReturnValues === 'ALL_OLD') return before ? { Attributes: before } : {};
    if (input.ReturnValues !== undefined) throw new Error(`ReturnValues not understood: ${input.ReturnValues}`);
    return {};
  }

  #check(item: Item | undefined, write: Write): void {
    const { ConditionExpression: condition } = write;
    if (condition === undefined || compileCondition(condition)(scopeOf(item, write))) return;
    throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
  }

  #store(id: string, after: Item | undefined): void {
    const before = this.#items.get(id);
    if (after) this.#items.set(id, after);
    else this.#items.delete(id);
    this.#text = undefined;
    this.#watch(before, after);
  }
}

const primaryKey = (key: Item | undefined): string => {
  const id = key?.[LEDGER.partitionKey]?.S;
  if (id === undefined) throw new Error('a write without a primary key');
  return id;
};

const scopeOf = (item: Item | undefined, write: Write) => ({
  item: item ?? {},
  names: write.ExpressionAttributeNames ?? {},
  values: write.ExpressionAttributeValues ?? {},
});
