import { describe, expect, it } from '@jest/globals';
import { resource, resourcesOf, synthesize } from './synth.ts';
import type { Statement } from './synth.ts';

const [dev, production] = [synthesize({ stage: 'dev' }), synthesize({ stage: 'production' })];
type Template = typeof dev;

const policyOf = (template: Template): readonly Statement[] => {
  const found = Object.values(resourcesOf(template, 'AWS::S3::BucketPolicy')).find(
    ({ Properties }) => JSON.stringify(Properties.Bucket) === JSON.stringify({ Ref: 'Record' }),
  );
  if (!found) throw new Error('the record has no policy');
  return (found.Properties.PolicyDocument as { readonly Statement: readonly Statement[] }).Statement;
};
const statement = (template: Template, sid: string) =>
  policyOf(template).find((each) => Object.values(each).includes(sid));

describe('the record of what operators do', () => {
  it('is under a key of its own, which rotates', () => {
    expect(JSON.stringify(resource(dev, 'Record').Properties.BucketEncryption)).toContain('"RecordKey"');
    expect(resource(dev, 'RecordKey').Properties).toMatchObject({ EnableKeyRotation: true });
  });

  it('takes new entries alone, from whoever they come', () => {
    for (const template of [dev, production])
      expect(statement(template, 'NewEntriesAlone')).toMatchObject({
        ...{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:PutObject' },
        Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
      });
  });

  it('is locked for six years in a production stage, where nobody may delete an entry', () => {
    expect(resource(production, 'Record').Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2192 } } },
    });
    expect(statement(production, 'NoEntryIsDeleted')).toMatchObject({
      ...{ Effect: 'Deny', Principal: { AWS: '*' } },
      Action: ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'],
    });
    const short = synthesize({ stage: 'production', retention: { recordDays: 30 } });
    expect(JSON.stringify(resource(short, 'Record').Properties.ObjectLockConfiguration)).toContain('"Days":30');
  });

  it('goes with any other stage', () => {
    expect(resource(dev, 'Record').Properties).toMatchObject({
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } },
    });
    expect(statement(dev, 'NoEntryIsDeleted')).toBeUndefined();
  });

  it('and the list of events are for operators: no function may read or write either', () => {
    const policies = JSON.stringify(resourcesOf(production, 'AWS::IAM::Policy'));
    expect(policies).not.toMatch(/"Record(Key)?"/);
    expect(policies).not.toMatch(/dynamodb:(Query|Scan|BatchGetItem)|\/index\//);
  });

  it('of events is an index of keys alone', () => {
    expect(resource(dev, 'Ledger').Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'newest',
        KeySchema: [
          { AttributeName: 'listShard', KeyType: 'HASH' },
          { AttributeName: 'listedAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });
});
