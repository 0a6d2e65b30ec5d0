import { sign, verify } from '@octokit/webhooks-methods';
import { github } from '../../lambdas/providers/github/index.ts';
import { agrees } from './oracle.ts';

agrees('@octokit/webhooks-methods', {
  provider: github,
  accepts: ({ secret, text, headers }) => verify(secret, text, headers['x-hub-signature-256'] ?? ''),
  signs: async ({ secret, text }) => ({ 'x-hub-signature-256': await sign(secret, text) }),
  differences: {
    'bytes that are not UTF-8': 'octokit hashes text',
    'a signature in upper case': 'octokit compares text',
  },
});
