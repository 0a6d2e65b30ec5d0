/** Packages with an install script, and what it does; all of them are for development alone. */
export const REVIEWED: ReadonlyMap<string, string> = new Map([
  ['classic-level', "builds dynalite's store if no prebuilt binary fits"],
  ['esbuild', 'checks that its own binary runs'],
  ['node', 'puts the binary of Node 24 in its place'],
]);
