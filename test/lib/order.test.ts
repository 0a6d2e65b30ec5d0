import { expect, it } from '@jest/globals';
import { ENV } from '../../lambdas/contract.ts';
import { resource, statementsOf, synthesize } from './synth.ts';

const template = synthesize({
  sources: {
    plain: { provider: 'optum' },
    ordered: { provider: 'optum', order: { by: 'data.patientId' } },
  },
});

const variablesOf = (logicalId: string): unknown =>
  (resource(template, logicalId).Properties.Environment as { Variables: unknown }).Variables;
const ledgerKeysOf = (logicalId: string): string =>
  JSON.stringify(statementsOf(template, `${logicalId}Role`).map(({ Condition }) => Condition));

it('is told to the functions that queue and process an ordered source, which may write its lines and no others', () => {
  for (const logicalId of ['OrderedVerifier', 'OrderedProcessor']) {
    expect(variablesOf(logicalId)).toMatchObject({ [ENV.order]: '{"by":"data.patientId","newestOnly":false}' });
    expect(ledgerKeysOf(logicalId)).toContain('line#ordered#*');
    expect(ledgerKeysOf(logicalId)).not.toContain('line#plain#');
  }
});

it('leaves a source without order as it is', () => {
  for (const logicalId of ['PlainVerifier', 'PlainProcessor']) {
    expect(variablesOf(logicalId)).not.toHaveProperty(ENV.order);
    expect(ledgerKeysOf(logicalId)).not.toContain('line#');
  }
});
