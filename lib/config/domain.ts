import { flag, section, text, wholeNumber } from './checks.ts';

/*
 * The schema of the things in front of the API: a domain of the customer's own, and a firewall.
 */

const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const host = text(HOST, 'must be a domain name in lower case, such as "hooks.example.com"');

/** An existing bucket and the key of the certificates in it. */
const truststore = text(
  /^s3:\/\/[a-z0-9][a-z0-9.-]+\/\S+$/,
  'must be the address of an object, such as "s3://bucket/truststore.pem"',
);

export const domainSchema = section({
  name: host,
  certificateArn: text(
    /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
    "must be the ARN of a certificate in AWS Certificate Manager, in the stack's region",
  ),
  hostedZone: section({
    id: text(/^Z[A-Z0-9]{1,31}$/, 'must be the id of a Route 53 zone, such as "Z0123456789ABCDEFGHIJ"'),
    name: host,
  }).optional(),
  mutualTls: section({ truststore, version: text().optional() }).optional(),
}).refine(({ name, hostedZone }) => !hostedZone || `.${name}`.endsWith(`.${hostedZone.name}`), {
  error: 'must be in its hosted zone',
  path: ['name'],
});

/** Seconds in which the firewall counts the requests of one address. */
export const WAF_SECONDS = 300;
/** The lowest limit that AWS WAF takes. */
export const LEAST_WAF_LIMIT = 10;

export const wafSchema = section({
  enabled: flag.default(true),
  requestsPerAddress: wholeNumber(LEAST_WAF_LIMIT, 2_000_000_000).optional(),
}).prefault({});
