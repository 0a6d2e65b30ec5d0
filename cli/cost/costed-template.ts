/** The parts of a template that cost something by being there. */
export interface CostedTemplate {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

/** The stacks of a gateway as one: no two have a resource of one name. */
export const together = (templates: readonly CostedTemplate[]): CostedTemplate => ({
  Resources: Object.assign({}, ...templates.map(({ Resources }) => Resources)) as CostedTemplate['Resources'],
});
