/** A list price in US dollars, without any free tier or discount. */
export interface Price {
  readonly dollars: number;
  /** How many units that is for. */
  readonly per: number;
  readonly unit: string;
  /** The page that publishes it. */
  readonly page: string;
}

export const REGION = 'us-east-1';
/** The month as of which the prices were put down. They change, seldom upwards: compare the pages before you rely on a sum. */
export const AS_OF = 'June 2025';

const MILLION = 1_000_000;

export const PRICES = {
  apiRequest: { dollars: 3.5, per: MILLION, unit: 'requests', page: 'https://aws.amazon.com/api-gateway/pricing/' },
  wafRequest: { dollars: 0.6, per: MILLION, unit: 'requests', page: 'https://aws.amazon.com/waf/pricing/' },
  wafAcl: { dollars: 5, per: 1, unit: 'ACLs a month', page: 'https://aws.amazon.com/waf/pricing/' },
  wafRule: { dollars: 1, per: 1, unit: 'rules a month', page: 'https://aws.amazon.com/waf/pricing/' },
  lambdaRequest: { dollars: 0.2, per: MILLION, unit: 'requests', page: 'https://aws.amazon.com/lambda/pricing/' },
  lambdaGbSecond: {
    dollars: 0.000_013_333_4,
    per: 1,
    unit: 'GB-seconds on arm64',
    page: 'https://aws.amazon.com/lambda/pricing/',
  },
  tableWrite: {
    dollars: 0.625,
    per: MILLION,
    unit: 'write units of 1 KB',
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  tableGbMonth: {
    dollars: 0.25,
    per: 1,
    unit: 'GB a month',
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  tableRecoveryGbMonth: {
    dollars: 0.2,
    per: 1,
    unit: 'GB a month',
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  queueRequest: {
    dollars: 0.4,
    per: MILLION,
    unit: 'requests of 64 KB',
    page: 'https://aws.amazon.com/sqs/pricing/',
  },
  busEvent: { dollars: 1, per: MILLION, unit: 'events of 64 KB', page: 'https://aws.amazon.com/eventbridge/pricing/' },
  scheduledCall: {
    dollars: 1,
    per: MILLION,
    unit: 'calls by a schedule',
    page: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  bucketPut: { dollars: 0.005, per: 1_000, unit: 'PUT requests', page: 'https://aws.amazon.com/s3/pricing/' },
  bucketGet: { dollars: 0.000_4, per: 1_000, unit: 'GET requests', page: 'https://aws.amazon.com/s3/pricing/' },
  bucketGbMonth: { dollars: 0.023, per: 1, unit: 'GB a month', page: 'https://aws.amazon.com/s3/pricing/' },
  logGb: { dollars: 0.5, per: 1, unit: 'GB taken in', page: 'https://aws.amazon.com/cloudwatch/pricing/' },
  logGbMonth: {
    dollars: 0.03,
    per: 1,
    unit: 'GB a month, compressed',
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  metric: { dollars: 0.3, per: 1, unit: 'metrics a month', page: 'https://aws.amazon.com/cloudwatch/pricing/' },
  alarmMetric: {
    dollars: 0.1,
    per: 1,
    unit: 'metrics of alarms a month',
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  dashboard: { dollars: 3, per: 1, unit: 'dashboards a month', page: 'https://aws.amazon.com/cloudwatch/pricing/' },
  trace: { dollars: 5, per: MILLION, unit: 'traces recorded', page: 'https://aws.amazon.com/xray/pricing/' },
  key: { dollars: 1, per: 1, unit: 'keys a month', page: 'https://aws.amazon.com/kms/pricing/' },
  keyRequest: { dollars: 0.03, per: 10_000, unit: 'requests', page: 'https://aws.amazon.com/kms/pricing/' },
  secret: { dollars: 0.4, per: 1, unit: 'secrets a month', page: 'https://aws.amazon.com/secrets-manager/pricing/' },
  secretRequest: {
    dollars: 0.05,
    per: 10_000,
    unit: 'requests',
    page: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  outGb: { dollars: 0.09, per: 1, unit: 'GB sent', page: 'https://aws.amazon.com/ec2/pricing/on-demand/' },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;
