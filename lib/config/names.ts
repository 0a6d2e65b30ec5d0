import { z } from 'zod';
import { targetName } from '../../lambdas/core/target.ts';
import { text } from './checks.ts';
import { inVariable } from './stack-names.ts';

/*
 * The rules for names. Names become parts of others, of stacks and of resources: two that differ must stay different there.
 */

/** A name of lower-case letters, digits and hyphens. */
export function name(longest: number) {
  const error = `must be lower-case letters, digits and hyphens, a letter first, ${longest} characters at most`;
  return text(new RegExp(`^[a-z][a-z0-9-]{0,${longest - 1}}$`), error);
}

/**
 * The gateway's name has no two hyphens in a row and none at its end: these stand between the gateway's name and the name of a part of
 * it, such as the stack of a source.
 */
export const gatewayName = name(20).refine((given) => !/--|-$/.test(given), {
  error: 'must not have two hyphens in a row, or a hyphen at its end: these separate it from the name of a source',
});

/**
 * The stage's name has no hyphen. With one, the name `hookgate` and the stage `a-b` would make the same stack as the name
 * `hookgate-a` and the stage `b`, and the second deployment would overwrite the first.
 */
export const stageName = text(
  /^[a-z][a-z0-9]{0,19}$/,
  'must be lower-case letters and digits, a letter first, 20 characters at most (hyphens only in `name`: both make the name of the stack)',
);

/** Starts of the ids that the gateway's own resources have in the template; a source's resources start with its own name. */
const TAKEN: readonly string[] = ['api', 'bus', 'event-bus'];

/** A source's name. A name that every object has, such as `constructor`, is refused: sources are looked up by name. */
export const sourceName = name(32).refine((given) => !TAKEN.includes(given) && !(given in {}), {
  error: ({ input }) => `${JSON.stringify(input)} is taken by the gateway itself: choose another one`,
});

const PRODUCTION_STAGES: readonly string[] = ['production', 'prod'];

/** Whether a stage that does not say so is a production stage. */
export const isProduction = ({
  stage,
  production,
}: {
  readonly stage: string;
  readonly production?: boolean | undefined;
}) => production ?? PRODUCTION_STAGES.includes(stage);

/** Refuses a stage that looks like production and does not say whether it is: its data would go with the stack. */
export function unclearProduction(stage: unknown, production: unknown): string[] {
  if (typeof stage !== 'string' || production !== undefined || PRODUCTION_STAGES.includes(stage)) return [];
  if (!/prod|prd|live/.test(stage)) return [];
  return [
    `production: must be stated (true or false) because the stage ${JSON.stringify(stage)} looks like production; it is missing`,
  ];
}

/** Names in the template have no hyphens: two sources, or a source and a target of another, must differ in more than these. */
export function sameNames(sources: unknown): string[] {
  if (typeof sources !== 'object' || sources === null) return [];
  const seen = new Map<string, string>();
  const targets = Object.entries(sources as Readonly<Record<string, unknown>>).flatMap(targetsIn);
  return [...Object.keys(sources), ...targets].flatMap((given) => {
    const bare = given.replaceAll('-', '');
    const other = seen.get(bare);
    seen.set(bare, given);
    return other === undefined ? [] : [`sources.${given}: the name must differ from "${other}" in more than hyphens`];
  });
}

/** The names that the template has the targets of a source by. */
const targetsIn = ([source, settings]: readonly [string, unknown]): string[] =>
  // Two of one source are compared where the list is checked.
  [...new Set(targetNamesOf(settings).map((given) => given.replaceAll('-', '')))].map(
    (given) => `${source}-to-${given}`,
  );

function targetNamesOf(settings: unknown): string[] {
  const { targets } = typeof settings === 'object' ? ((settings ?? {}) as { readonly targets?: unknown }) : {};
  if (!Array.isArray(targets)) return [];
  const names = (targets as readonly unknown[]).map((target) => (target as { readonly name?: unknown } | null)?.name);
  return names.filter((given) => typeof given === 'string');
}

/**
 * On one machine a secret is in the environment under the name of its source, or of the target or the handler's variable with it, all
 * joined alike: two that would have one name are refused.
 */
export function sameVariables(sources: Readonly<Record<string, NamedSource>>): string[] {
  const seen = new Map<string, string>();
  const names = Object.entries(sources).flatMap(([source, { targets = [], handler }]) => [
    ...[source, ...targets.map(({ name }) => targetName(source, name))].map(
      (name) => [`sources.${name}`, `SECRET_${inVariable(name)}`] as const,
    ),
    ...Object.keys(handler?.means?.secrets ?? {}).map(
      (variable) =>
        [`sources.${source}.handler.secrets.${variable}`, `HANDLER_SECRET_${inVariable(source)}_${variable}`] as const,
    ),
  ]);
  return names.flatMap(([path, variable]) => {
    const other = seen.get(variable);
    seen.set(variable, path);
    return other === undefined
      ? []
      : [
          `${path}: must be named differently: on one machine its secret is in HOOKGATE_${variable}, as that of ${other}`,
        ];
  });
}

/** A source by the names that are in it. */
interface NamedSource {
  readonly targets?: readonly { readonly name: string }[] | undefined;
  readonly handler?: { readonly means?: { readonly secrets: Readonly<Record<string, string>> } } | undefined;
}

/** A list without two equal elements; `same` says what makes two of them equal. */
export const distinct = <Element extends z.ZodType<string>>(element: Element, same = (value: string) => value) =>
  z.array(element, { error: 'must be a list' }).superRefine((values, context) => {
    for (const [index, value] of values.entries()) {
      const first = values.findIndex((other) => same(other) === same(value));
      if (first === index) continue;
      context.addIssue({ code: 'custom', path: [index], message: `is in the list already, as element ${first}` });
    }
  });
