import { discord } from '../../lambdas/providers/discord.ts';
import { agrees, load } from './oracle.ts';

const { verifyKey } = await load<{
  verifyKey: (body: Buffer, signature: string, timestamp: string, publicKey: string) => Promise<boolean>;
}>('discord-interactions');

agrees('discord-interactions', {
  provider: discord,
  accepts: ({ body, headers, secret }) =>
    verifyKey(body, headers['x-signature-ed25519'] ?? '', headers['x-signature-timestamp'] ?? '', secret),
});
