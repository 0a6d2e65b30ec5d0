import { verify, sign as signWith } from 'node:crypto';
import { parseObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { ok, refuse } from '../core/result.ts';
import { certificateAt } from '../core/schemes/certificates.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { keyPairFrom } from '../core/schemes/key-pair.ts';
import { decode } from '../core/schemes/mac.ts';
import { isFor } from '../core/schemes/public-keys.ts';
import type { Scheme, Signature } from '../core/schemes/scheme.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

const TOPIC = /^arn:(aws[a-z-]*):sns:([a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}):\d{12}:[\w.-]{1,256}$/;
const CERTIFICATE = /^[\w.-]{1,128}\.pem$/;
const DIGESTS = new Map([
  ['1', 'sha1'],
  ['2', 'sha256'],
]);

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
/** The one field that a message can do without. */
const OPTIONAL = 'Subject';

/**
 * RSA, with SHA-1 or SHA-256 as the message says, of its fields: name and value on lines of their own. The certificate is fetched
 * from SNS. Anybody's topic has such signatures, so the topic must be the source's own.
 */
const scheme: Scheme = {
  title: 'fields by RSA with SHA-1 or SHA-256, base64, in the body',
  coverage: 'fields',
  headers: [],
  fetchesKeys: true,

  read({ body }) {
    const message = parseObject(body) ?? {};
    const { Signature: text, SignatureVersion } = message;
    if (text === undefined) return refuse('missing_signature');
    const signature = typeof text === 'string' ? decode(text, 'base64') : undefined;
    const digest = typeof SignatureVersion === 'string' ? DIGESTS.get(SignatureVersion) : undefined;
    const certificate = certificateOf(message);
    if (!signature?.length || digest === undefined || certificate === undefined || !isSound(message))
      return refuse('malformed_signature');
    return ok<Signature>({
      keyFor: () => certificateAt(certificate, 'certificates of SNS'),
      matches: (topic, key) =>
        message.TopicArn === topic && isFor(key, 'rsa-sha256') && verify(digest, signedText(message), key, signature),
    });
  },

  sign({ body, secrets: [pem] }) {
    const message = parseObject(body);
    if (!message) return { headers: {} };
    const Signature = signWith('sha256', signedText(message), pem).toString('base64');
    const signed = { ...message, SignatureVersion: '2', Signature };
    return { headers: {}, body: Buffer.from(JSON.stringify({ ...signed, SigningCertURL: EXAMPLE.certificate })) };
  },

  accepts: (secret) => TOPIC.test(secret),
  secretFrom: (seed) => ({
    stored: EXAMPLE.topic,
    signing: keyPairFrom('rsa-sha256', seed).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }),
};

/** The topic and the certificate of samples. */
const EXAMPLE = {
  topic: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
  certificate: 'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem',
} as const;

/**
 * Amazon SNS, by its page "Verifying the signatures of Amazon SNS messages" and AWS's sns-validator (0.3.5). The secret of the source
 * is the ARN of its topic, which is public: what proves a message is SNS's certificate.
 */
export const sns = defineProvider({
  name: 'sns',
  title: 'Amazon SNS',
  documents: {
    source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme,
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  // A SubscriptionConfirmation is an event too: whoever handles it calls its SubscribeURL.
  readEvents: ({ json }) => ({
    key: readId(json.MessageId),
    type: readText(json.Type),
    time: parseIsoTime(json.Timestamp),
  }),

  sample: ({ id, now, type = 'Notification' }) =>
    JSON.stringify({
      Type: type,
      MessageId: id,
      TopicArn: EXAMPLE.topic,
      Subject: 'My First Message',
      Message: 'Hello, naïve world ☕',
      Timestamp: now.toISOString(),
      UnsubscribeURL: `https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${EXAMPLE.topic}:c9135db0`,
    }),
});

/**
 * The URL of the certificate, if it is on the host of SNS in the region of the topic. The name of the host is made of that region,
 * because names that look like it are other people's: `sns.s3-us-west-2.amazonaws.com` is somebody's bucket "sns".
 */
function certificateOf({ TopicArn, SigningCertURL }: JsonObject): string | undefined {
  const [, partition, region] = (typeof TopicArn === 'string' ? TOPIC.exec(TopicArn) : undefined) ?? [];
  const start = `https://sns.${region ?? ''}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/`;
  if (region === undefined || typeof SigningCertURL !== 'string' || !SigningCertURL.startsWith(start)) return undefined;
  return CERTIFICATE.test(SigningCertURL.slice(start.length)) ? SigningCertURL : undefined;
}

const namesOf = ({ Token, Type }: JsonObject): readonly string[] =>
  typeof Token === 'string' && Type !== 'Notification' ? CONFIRMATION : NOTIFICATION;

/**
 * Whether the signed text can have been made of these fields alone. The message is the only field with line breaks, and the first:
 * read from its end, the text yields the other fields in one way.
 */
const isSound = (message: JsonObject): boolean =>
  namesOf(message).every((name) => {
    const value = message[name];
    if (value === undefined) return name === OPTIONAL;
    return typeof value === 'string' && (name === 'Message' || !value.includes('\n'));
  });

function signedText(message: JsonObject): Buffer {
  const lines = namesOf(message).flatMap((name) => {
    const value = message[name];
    return typeof value === 'string' ? [`${name}\n${value}\n`] : [];
  });
  return Buffer.from(lines.join(''));
}
