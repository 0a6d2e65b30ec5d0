import { TemplateError } from './template.ts';
import type { Template } from './template.ts';

/**
 * The stacks of a gateway as one template. An output that one stack exports and another imports is then a reference inside the
 * template; the exports themselves are left out. Throws a {@link TemplateError} if two stacks share a logical id, or nothing
 * exports an import.
 */
export function mergeTemplates(templates: readonly Template[]): Template {
  const exported = new Map(
    templates.flatMap(({ Outputs }) =>
      Object.values(Outputs).flatMap(({ Export, Value }) => (Export ? [[Export.Name, Value] as const] : [])),
    ),
  );

  function imported(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(imported);
    if (typeof value !== 'object' || value === null) return value;
    if ('Fn::ImportValue' in value) {
      const name = value['Fn::ImportValue'];
      if (typeof name !== 'string' || !exported.has(name))
        throw new TemplateError(`no stack of the gateway exports ${JSON.stringify(name)}`);
      return exported.get(name);
    }
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, imported(element)]));
  }

  const all = <Part extends 'Resources' | 'Parameters' | 'Outputs'>(part: Part): Template[Part] => {
    const merged: Template[Part] = {};
    for (const [name, value] of templates.flatMap((template) => Object.entries(template[part]))) {
      // Each stack has CDK's own rule and parameter of the bootstrap's version.
      if (name in merged && part !== 'Parameters') throw new TemplateError(`two stacks of the gateway have ${name}`);
      Object.assign(merged, { [name]: imported(value) });
    }
    return merged;
  };

  const outputs = Object.entries(all('Outputs')).filter(([, { Export }]) => Export === undefined);
  return { Resources: all('Resources'), Parameters: all('Parameters'), Outputs: Object.fromEntries(outputs) };
}
