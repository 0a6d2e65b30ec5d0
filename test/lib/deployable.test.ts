import { describe, expect, it } from '@jest/globals';
import { resolveConfig } from '../../lib/config/config.ts';
import type { Settings } from '../../lib/config/settings.ts';
import { refuseUndeployable } from '../../lib/deployable.ts';

const ACCOUNT = '123456789012';
const certificateArn = (partition: string, region: string): string =>
  `arn:${partition}:acm:${region}:${ACCOUNT}:certificate/0123abcd`;

const SETTINGS: Settings = {
  domain: { name: 'hooks.example.com', certificateArn: certificateArn('aws', 'eu-west-1') },
  sources: {
    osigu: {
      provider: 'osigu',
      handler: {
        file: './examples/eligibility-handler.ts',
        layers: [`arn:aws:lambda:eu-west-1:${ACCOUNT}:layer:tools:1`],
        secrets: { DB: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:db-AbCdEf`, API: 'patients/api' },
      },
      targets: [
        { name: 'a', kind: 'sqs', arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:a` },
        { name: 'b', kind: 'http', url: 'https://b.example/events' },
      ],
    },
  },
};

/** The problems of settings in a region, without their values. */
function problemsIn(region: string | undefined, settings: Settings = SETTINGS): readonly string[] {
  try {
    refuseUndeployable(resolveConfig(settings), region);
    return [];
  } catch (error) {
    return (error as { problems: string[] }).problems.map((problem) => problem.replace(/: must .*/, ''));
  }
}

describe('a configuration that is to be deployed', () => {
  it('is taken in the region of its parts, and where the region is not known', () => {
    expect([problemsIn('eu-west-1'), problemsIn(undefined)]).toStrictEqual([[], []]);
  });

  it('is refused in another region, because of what has to be in the same', () => {
    expect(problemsIn('eu-central-1')).toStrictEqual(['sources.osigu.handler.layers.0', 'domain.certificateArn']);
  });

  it('is refused in another partition, because of every ARN', () => {
    expect(problemsIn('us-gov-west-1')).toStrictEqual([
      ...['sources.osigu.handler.layers.0', 'sources.osigu.handler.secrets.DB', 'sources.osigu.targets.0.arn'],
      'domain.certificateArn',
    ]);
  });

  it.each(['http://localhost:9001/x', 'http://127.0.0.1/x', 'https://localhost/x', 'https://[::1]:9/x'])(
    'is refused with an address of this machine: %s',
    (url) => {
      const sources = {
        osigu: { provider: 'osigu', targets: [{ name: 'a', kind: 'http', url }] },
        honeybee: { provider: 'honeybee', publicUrl: url },
      } as const;
      expect(problemsIn(undefined, { sources })).toStrictEqual([
        'sources.osigu.targets.0.url',
        'sources.honeybee.publicUrl',
      ]);
    },
  );
});

describe('a URL', () => {
  it.each(['https://a:b@x.example/', 'https://a@x.example/', 'https://x.example/\u202e', 'https://x.example/\0'])(
    'is refused as the public one: %j',
    (publicUrl) => {
      const settings = { sources: { honeybee: { provider: 'honeybee', publicUrl } } };
      expect(() => resolveConfig(settings)).toThrow(
        'publicUrl: must have no user name and no password, and no invisible character',
      );
    },
  );

  it.each(['https://x.example/?a=b', `https://x.example/${'a'.repeat(300)}`])(
    'is refused as that of the docs: %.40s',
    (docsUrl) => {
      const settings = { docsUrl, sources: { osigu: { provider: 'osigu' } } };
      expect(() => resolveConfig(settings)).toThrow(
        'docsUrl: must be an https URL without a query, 300 characters at most',
      );
    },
  );
});
