import { readFile } from 'node:fs/promises';
import { errorCode, OperatorError } from '../operator-error.ts';
import { postRepeatedly } from './post.ts';
import { shown } from '../text/shown.ts';
import { deliveryLine, summaryLine } from './report.ts';
import { isExpected, sample, signed, signsTime } from './signed.ts';
import type { Flaws } from './signed.ts';
import type { SenderSource } from '../sources.ts';
import { localSecrets, signingSecret, targetUrl } from '../local-gateway.ts';
import type { ShellEnvironment } from '../local-gateway.ts';

/** The options of `npm run send`, as the command line gives them. */
export interface SendOptions extends Flaws {
  readonly type?: string;
  readonly file?: string;
  readonly url?: string;
  readonly repeat: number;
}

/** Signs one delivery and sends it `repeat` times. Resolves to whether every answer was the expected one. */
export async function send(
  source: SenderSource,
  options: SendOptions,
  env: ShellEnvironment,
  print: (line: string) => void,
): Promise<boolean> {
  const { provider } = source;
  if (options.stale && !signsTime(source)) {
    throw new OperatorError(`${provider.title} signs no timestamp, so none of its deliveries can be stale.`);
  }
  const url = targetUrl(source.name, options.url, env);
  const body = await bodyOf(source, options);
  // A forged delivery is signed with a secret made up for it, so it needs none that is real.
  const secret = options.forge ? localSecrets(source, env).signing : signingSecret(source, url, env);
  const delivery = signed({ source, url, body, secret, now: new Date(), flaws: options });

  print(`POST ${shown(url)}  (${provider.title}, ${body.length} bytes)`);
  const outcomes = await postRepeatedly(delivery, options.repeat);
  const expected = outcomes.filter(({ status }) => isExpected(status, provider, options)).length;
  for (const outcome of outcomes) print(deliveryLine(outcome));
  if (outcomes.length > 1) print(summaryLine(outcomes, expected));
  if (expected < outcomes.length) print(`Expected ${expectation(source, options)}.`);
  const isRefused = outcomes.some(({ status }) => status === provider.rejectionStatus);
  if (isRefused && options.url === undefined)
    print(`To be told why it was refused: npm run ops -- explain ${source.name} --last --local`);
  return expected === outcomes.length;
}

/** The exact bytes of the file, or a new sample of the provider's. */
async function bodyOf(source: SenderSource, { file, type }: SendOptions): Promise<Buffer> {
  if (file === undefined) return sample(source, new Date(), type);
  if (type !== undefined) throw new OperatorError('--type shapes a sample; a --file is sent as it is.');
  try {
    return await readFile(file);
  } catch (error) {
    throw new OperatorError(`Cannot read ${file} (${errorCode(error)}).`);
  }
}

const expectation = ({ provider }: SenderSource, { forge, stale }: Flaws): string =>
  forge || stale ? `${provider.rejectionStatus}, as ${provider.title} is answered` : 'a status from 200 to 299';
