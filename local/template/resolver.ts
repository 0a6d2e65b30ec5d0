import { attributesOf, madeUpName, nameProperty } from './attributes.ts';
import type { Attributes, Scope } from './attributes.ts';
import { TemplateError } from './template.ts';
import type { Resolve, Template } from './template.ts';

export interface Resolver {
  readonly resolve: Resolve;
  /** The resource's name as CloudFormation would give it: the one in its properties, or its logical id. */
  readonly physicalName: (logicalId: string) => string;
}

/** The value of `AWS::NoValue`: the property or element is left out. */
const NO_VALUE = Symbol('AWS::NoValue');

/** Resolves the intrinsic functions of a template. A function that it does not know is a {@link TemplateError}, never a guess. */
export function resolver(template: Template, scope: Scope): Resolver {
  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (name) => ref(text(name, 'Ref')),
    'Fn::GetAtt': (argument) => getAtt(argument),
    'Fn::Join': (argument) => {
      const [separator, parts] = pair(argument, 'Fn::Join');
      return list(resolve(parts), 'Fn::Join').join(text(separator, 'Fn::Join'));
    },
    'Fn::Select': (argument) => {
      const [index, values] = pair(argument, 'Fn::Select');
      const value = list(resolve(values), 'Fn::Select')[Number(resolve(index))];
      if (value === undefined) throw new TemplateError('Fn::Select has no such element');
      return value;
    },
    'Fn::Split': (argument) => {
      const [separator, value] = pair(argument, 'Fn::Split');
      return text(resolve(value), 'Fn::Split').split(text(separator, 'Fn::Split'));
    },
    'Fn::Sub': (argument) => sub(argument),
  };

  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': scope.accountId,
    'AWS::NoValue': NO_VALUE,
    'AWS::Partition': 'aws',
    'AWS::Region': scope.region,
    'AWS::StackName': scope.stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve).filter((element) => element !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && name !== undefined && isIntrinsic(name)) return call(name, argument);
    const resolved = entries.map(([key, element]) => [key, resolve(element)] as const);
    return Object.fromEntries(resolved.filter(([, element]) => element !== NO_VALUE));
  }

  function call(name: string, argument: unknown): unknown {
    const run = functions[name];
    if (!run) throw new TemplateError(`the local gateway does not know the intrinsic function ${name}`);
    return run(argument);
  }

  function ref(name: string): unknown {
    if (Object.hasOwn(pseudo, name)) return pseudo[name];
    const parameter = Object.hasOwn(template.Parameters, name) ? template.Parameters[name] : undefined;
    if (!parameter) return attributes(name).ref;
    if (parameter.Default === undefined) throw new TemplateError(`the parameter ${name} has no default`);
    return parameter.Default;
  }

  function getAtt(argument: unknown): string {
    const [logicalId, attribute] = typeof argument === 'string' ? splitOnce(argument) : pair(argument, 'Fn::GetAtt');
    const id = text(logicalId, 'Fn::GetAtt');
    const name = text(attribute, 'Fn::GetAtt');
    const known = attributes(id).attributes;
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    if (value === undefined) throw new TemplateError(`the local gateway does not know the attribute ${id}.${name}`);
    return value;
  }

  function sub(argument: unknown): string {
    const [template, variables] = typeof argument === 'string' ? [argument, {}] : pair(argument, 'Fn::Sub');
    const own = resolve(variables) as Record<string, unknown>;
    return text(template, 'Fn::Sub').replaceAll(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (Object.hasOwn(own, name)) return text(own[name], 'Fn::Sub');
      return text(name.includes('.') ? getAtt(name) : ref(name), 'Fn::Sub');
    });
  }

  const attributes = (logicalId: string): Attributes =>
    attributesOf(resource(logicalId).Type, physicalName(logicalId), scope);

  function physicalName(logicalId: string): string {
    const { Type: type, Properties: properties } = resource(logicalId);
    const property = nameProperty(type);
    const name = property === undefined ? undefined : resolve(properties[property]);
    return name === undefined || name === NO_VALUE
      ? madeUpName(type, logicalId, scope)
      : text(name, `${logicalId}.${property ?? ''}`);
  }

  function resource(logicalId: string) {
    const found = Object.hasOwn(template.Resources, logicalId) ? template.Resources[logicalId] : undefined;
    if (!found) throw new TemplateError(`the template has no resource or parameter ${logicalId}`);
    return found;
  }

  return { resolve, physicalName };
}

const isIntrinsic = (name: string): boolean => name === 'Ref' || name.startsWith('Fn::');

function text(value: unknown, where: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new TemplateError(`${where} takes a text`);
}

function list(value: unknown, where: string): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new TemplateError(`${where} takes a list`);
}

function pair(value: unknown, where: string): [unknown, unknown] {
  if (Array.isArray(value) && value.length === 2) return value as [unknown, unknown];
  throw new TemplateError(`${where} takes two arguments`);
}

function splitOnce(text: string): [string, string] {
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}
