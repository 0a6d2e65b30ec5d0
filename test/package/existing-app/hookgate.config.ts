import { defineConfig } from '../../../package/index.ts';

export default defineConfig({
  name: 'hookgate',
  stage: 'test',
  alarms: { critical: ['pager@example.com'], warning: [] },
  sources: {
    acme: {
      provider: './providers/acme.ts',
      targets: [
        { name: 'billing', kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:123456789012:billing' },
        { name: 'partner', kind: 'http', url: 'https://partner.example/acme' },
      ],
    },
  },
});
