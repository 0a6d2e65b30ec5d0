import process from 'node:process';
import { makeApp } from '../../lib/app.ts';
import { mixedConfig } from './config.ts';

/** The CDK app of so many mixed sources, for the emulated account: `node app.ts <sources>`. CDK's own check is part of the synthesis. */
makeApp(mixedConfig(Number(process.argv[2])), { validate: false }).synth();
