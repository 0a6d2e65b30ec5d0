import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../operator-error.ts';
import { assemblyIn, gatewayStacks } from './assembly.ts';
import { checkUpgrade } from './check.ts';
import type { UpgradeReport } from './report.ts';
import { deployedTemplates, keptTemplates } from './templates.ts';
import type { Templates } from './templates.ts';

/** The two sides of a comparison. */
export interface Upgrade {
  /** The assembly of the installed version: the gateway, and perhaps other stacks of its app. */
  readonly assembly: CloudAssembly;
  /** The name of the gateway's own stack. */
  readonly gateway: string;
  /** A kept template, or a directory of them, to compare with; absent for what is deployed. */
  readonly template?: string | undefined;
  /** The region that was asked for; default: the one that the assembly names. */
  readonly region?: string | undefined;
  /** The region if neither says one; default: that of the AWS configuration. */
  readonly defaultRegion?: string | undefined;
}

/** A report, and where the gateway was looked for, in words. */
export interface Compared {
  readonly report: UpgradeReport;
  readonly place: string;
}

/**
 * Compares the gateway of an assembly with the one that is deployed, or with templates that were kept. Nothing to lose is what a
 * first deployment finds, and no error. Throws an {@link OperatorError} if the two have no stack in common, or one cannot be read.
 */
export async function compareUpgrade({ assembly, gateway, template, ...regions }: Upgrade): Promise<Compared> {
  const next = gatewayStacks(assembly, gateway, regions.region);
  const compare = (deployed: Templates, isWhole: boolean): UpgradeReport => {
    const report = checkUpgrade(deployed, next.templates, isWhole, next.others);
    if (deployed.size > 0 && report.compared.length === 0)
      throw new OperatorError(
        `No stack of ${[...next.templates.keys()].join(', ')} is among ${[...deployed.keys()].join(', ')}.`,
      );
    return report;
  };
  if (template !== undefined) {
    // The files of an assembly have the names of constructs, which are not always those of their stacks.
    const kept = existsSync(join(template, 'manifest.json'))
      ? gatewayStacks(assemblyIn(template), gateway, regions.region).templates
      : keptTemplates(template, gateway);
    return { report: compare(kept, statSync(template).isDirectory()), place: template };
  }
  const region = regions.region ?? next.region ?? regions.defaultRegion;
  const client = new CloudFormationClient(region === undefined ? {} : { region });
  const report = compare(await deployedTemplates(client, gateway), true);
  return { report, place: `${await client.config.region()} of this account` };
}
