import { join } from 'node:path';
import { test } from 'node:test';
import { providerChecks } from '../../package/testing.ts';
import provider from './provider.ts';

// The deliveries in the folder of the provider's name are its proof: add one of each kind that the provider sends.
for (const { name, run } of providerChecks(provider, join(import.meta.dirname, 'acme'))) void test(name, run);
