import { slack } from '../../lambdas/providers/slack.ts';
import { agrees, load } from './oracle.ts';

const { verifySlackRequest } = await load<{
  verifySlackRequest: (request: {
    signingSecret: string;
    body: string;
    headers: { 'x-slack-signature': string | undefined; 'x-slack-request-timestamp': number };
  }) => void;
}>('@slack/bolt');

agrees('@slack/bolt', {
  provider: slack,
  accepts({ secret, text, headers }) {
    verifySlackRequest({
      signingSecret: secret,
      body: text,
      headers: {
        'x-slack-signature': headers['x-slack-signature'],
        'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
      },
    });
    return true;
  },
  differences: {
    'bytes that are not UTF-8': 'Bolt hashes text',
    'a signature in upper case': 'Bolt compares text',
    'an hour ahead': 'Bolt refuses only what is too old',
  },
});
