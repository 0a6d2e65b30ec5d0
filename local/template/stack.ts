import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeApp } from '../../lib/app.ts';
import type { HookgateConfig } from '../../lib/config/config.ts';
import { Template, TemplateError } from './template.ts';

/** The synthesized stack: its template, and where the code of its functions lies. */
export interface SynthesizedStack {
  readonly name: string;
  readonly template: Template;
  /** The directory of a file asset, by the object key that the template gives it. */
  assetDirectory(objectKey: string): string;
}

const AssetManifest = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

/** Synthesizes the stack of a configuration into a directory, bundles included. */
export function synthesize(config: HookgateConfig, directory: string): SynthesizedStack {
  const stack = makeApp(config, { outdir: directory }).synth().stacks[0];
  if (!stack) throw new TemplateError('the app has no stack');
  const manifest = AssetManifest.parse(readJson(join(directory, `${stack.id}.assets.json`)));
  const directories = new Map(
    Object.values(manifest.files).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }) => [objectKey, join(directory, source.path)] as const),
    ),
  );
  return {
    name: stack.stackName,
    template: Template.parse(stack.template),
    assetDirectory(objectKey) {
      const found = directories.get(objectKey);
      if (found === undefined) throw new TemplateError(`the asset manifest has no ${objectKey}`);
      return found;
    },
  };
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
