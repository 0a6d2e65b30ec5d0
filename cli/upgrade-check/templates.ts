import {
  CloudFormationClient,
  GetTemplateCommand,
  paginateListStacks,
  StackStatus,
} from '@aws-sdk/client-cloudformation';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isObject } from '../../lambdas/core/json.ts';
import { sourceStackName } from '../../lib/config/stack-names.ts';
import { errorCode, OperatorError } from '../operator-error.ts';
import { explainAws } from '../ops/output.ts';
import type { StackTemplate } from './changes.ts';

/** Templates by the names of their stacks. */
export type Templates = ReadonlyMap<string, StackTemplate>;

const END = '.template.json';

/** Whether a stack, by its name, is the gateway's own or that of one of its sources. */
export const isStackOf = (gateway: string, stack: string): boolean =>
  stack === gateway || stack.startsWith(sourceStackName(gateway, ''));

/**
 * Templates of the gateway that were kept: a directory of `<stack>.template.json`, as `cdk synth` writes them, or one file, which is
 * the gateway's own stack unless its name says another. Throws an {@link OperatorError} if there is none, or one cannot be read.
 */
export function keptTemplates(path: string, gateway: string): Templates {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new OperatorError(`${path} does not exist: name a template, or a directory of them.`);
  if (!stats.isDirectory()) {
    const name = basename(path).endsWith(END) ? basename(path, END) : gateway;
    return new Map([[name, parsed(readFileSync(path, 'utf8'), path)]]);
  }
  const files = readdirSync(path).filter((file) => file.endsWith(END) && isStackOf(gateway, basename(file, END)));
  if (files.length === 0)
    throw new OperatorError(
      `${path} has no template of the gateway: ${gateway}${END}, ${sourceStackName(gateway, '<source>')}${END}.`,
    );
  return new Map(
    files.map((file) => [basename(file, END), parsed(readFileSync(join(path, file), 'utf8'), join(path, file))]),
  );
}

/**
 * The templates of the gateway that is deployed; none if no stack of it is. Throws an {@link OperatorError} if only stacks of its
 * sources are there, or the account does not let its templates be read.
 */
export async function deployedTemplates(client: CloudFormationClient, gateway: string): Promise<Templates> {
  try {
    const names: string[] = [];
    for await (const { StackSummaries = [] } of paginateListStacks({ client }, { StackStatusFilter: DEPLOYED }))
      names.push(...StackSummaries.flatMap(({ StackName = '' }) => (isStackOf(gateway, StackName) ? [StackName] : [])));
    if (names.length > 0 && !names.includes(gateway))
      throw new OperatorError(
        `There is no stack ${gateway} in this account and region, but ${names.join(', ')}: look in CloudFormation what has become of it.`,
      );
    const templates = new Map<string, StackTemplate>();
    for (const StackName of names) {
      const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName }));
      templates.set(StackName, parsed(TemplateBody, `the deployed template of ${StackName}`));
    }
    return templates;
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      `${explainAws(error) ?? `The deployed templates cannot be read (${errorCode(error)}).`} Check the credentials and the region; upgrade-check takes cloudformation:ListStacks and cloudformation:GetTemplate.`,
    );
  }
}

/** Every state but those of a stack that is gone or was never made: of ROLLBACK_COMPLETE there is a template, and no resource. */
const DEPLOYED = Object.values(StackStatus).filter(
  (status) => !/^(DELETE_COMPLETE|REVIEW_IN_PROGRESS|CREATE_IN_PROGRESS|ROLLBACK_COMPLETE)$/.test(status),
);

function parsed(text: string, name: string): StackTemplate {
  try {
    const template: unknown = JSON.parse(text);
    if (isObject(template) && (template.Resources === undefined || isObject(template.Resources))) return template;
  } catch {
    // Said below.
  }
  throw new OperatorError(`${name} is not a CloudFormation template in JSON.`);
}
