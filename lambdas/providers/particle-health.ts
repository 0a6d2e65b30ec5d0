import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Particle Health, by its "Notification data contract": `X-Ph-Signature-256: t=<Unix seconds>,<hex>`, whose second part has no name:
 * the HMAC-SHA-256 of `<t>.<raw body>`. The body is a CloudEvent.
 */
export const particleHealth = defineProvider({
  name: 'particle-health',
  title: 'Particle Health',
  field: 'health',
  documents: {
    source: 'https://github.com/ParticleHealth/particle-connect, 12-notification-data-contract.md',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: {
      header: 'x-ph-signature-256',
      encoding: 'hex',
      form: pairs({ timestamp: 't', signature: '' }),
    },
    // No limit to its age is documented, nor whether a retry is signed again.
    timestamp: { unit: 's' },
    signed: ['timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({ key: readId(json.id), type: readText(json.type), time: parseIsoTime(json.time) }),

  sample: ({ id, now, type = 'com.particlehealth.api.v2.transitionalerts' }) => ({
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify({
      specversion: '1.0',
      type,
      source: 'api/v2/patients',
      id,
      time: now.toISOString(),
      subject: 'Transition alert, naïve',
      datacontenttype: 'application/json',
      data: { particle_patient_id: '5b2c9b6c-0f6c-4ea6-8f1a-1b7d1e4bb4a5', is_final_transition: false },
    }),
  }),
});
