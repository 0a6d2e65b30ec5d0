import { openai } from '../../lambdas/providers/openai.ts';
import { agrees, load } from './oracle.ts';

interface Client {
  readonly webhooks: {
    verifySignature(payload: string, headers: Record<string, string>, secret: string): Promise<void>;
  };
}
const { default: OpenAI } = await load<{ default: new (options: Record<string, string>) => Client }>('openai');

agrees('openai', {
  provider: openai,
  async accepts({ text, headers, secret }) {
    await new OpenAI({ apiKey: 'none' }).webhooks.verifySignature(text, headers, secret);
    return true;
  },
  differences: {
    'bytes that are not UTF-8': 'the SDK hashes text',
    'a character more': 'the SDK passes over what follows the padding',
  },
});
