import { createHash, createHmac, randomUUID } from 'node:crypto';

/** How a provider signs, and what it sends. */
export interface Sender {
  readonly type: string;
  /** The status that a forged delivery is refused with. */
  readonly refusedWith: number;
  sample(): Record<string, unknown>;
  sign(body: Buffer, secret: string, url: string): Record<string, string>;
}

const hex = (secret: string, ...parts: (string | Buffer)[]): string =>
  createHmac('sha256', secret)
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest('hex');

/** CGI escape as in Ruby: a letter, a digit and `_.-~` stay. */
const cgi = (bytes: Buffer): string =>
  [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9_.~-]/.test(character)) return character;
      return character === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

export const senders = {
  optum: {
    type: 'payment_loading_completed',
    refusedWith: 400,
    sample: () => ({
      id: randomUUID(),
      source: '/payments',
      type: 'payment_loading_completed',
      time: new Date().toISOString(),
      causationId: 'cause_0001',
      data: { amount: 12.5, payee: 'José Ünal' },
    }),
    sign: (body, secret) => ({ 'x-optum-webhook-callback-hmac-signature': hex(secret, body) }),
  },
  osigu: {
    type: 'authorization.created',
    refusedWith: 401,
    sample: () => ({
      event_id: `evt_${randomUUID()}`,
      event_type: 'authorization.created',
      created_at: new Date().toISOString(),
      api_version: '2026-01-01',
      environment: 'production',
      data: { authorization_id: 'auth_1', patient: 'José Núñez' },
    }),
    sign(body, secret) {
      const t = String(Math.floor(Date.now() / 1000));
      return { 'X-Osigu-Signature': `t=${t},v1=${hex(secret, `${t}.`, body)}` };
    },
  },
  honeybee: {
    type: 'RX_RECEIVED',
    refusedWith: 401,
    sample: () => ({
      event_id: randomUUID(),
      event_type: 'RX_RECEIVED',
      patient_id: 'v3y4od',
      medication_requests: [{ id: 82, sig_text: "Take 1 tablet (10 mg) at ~8 o'clock! *Never* with pâté" }],
    }),
    sign(body, secret, url) {
      const key = createHash('sha256').update(secret).digest('hex');
      const mac = createHmac('sha1', key)
        .update(cgi(Buffer.concat([Buffer.from(`POST${url}`), body])))
        .digest();
      return { 'X-Honeybee-Signature': Buffer.concat([mac, Buffer.from('\n')]).toString('base64') };
    },
  },
  nvsep: {
    type: 'cfs_exclusions.created',
    refusedWith: 401,
    sample: () => ({
      id: randomUUID(),
      type: 'cfs_exclusions.created',
      createdAt: new Date().toISOString(),
      version: '1.0',
      data: { id: randomUUID(), startDate: '2026-01-01', endDate: '2026-12-31' },
    }),
    sign: (body, secret) => ({ 'x-nvsep-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64') }),
  },
  nabla: {
    type: 'generate_note_async.succeeded',
    refusedWith: 401,
    sample: () => ({
      id: randomUUID(),
      created_at: new Date().toISOString(),
      type: 'generate_note_async.succeeded',
      data: { id: 'note-1', status: 'succeeded', payload: { note: { title: 'Synthetic: 37 °C' } } },
    }),
    sign(body, secret) {
      const timestamp = new Date().toISOString();
      return {
        'x-nabla-webhook-signature': hex(secret, timestamp, body),
        'x-nabla-webhook-timestamp': timestamp,
      };
    },
  },
} satisfies Record<string, Sender>;

export type ProviderName = keyof typeof senders;
