import { OperatorError } from '../cli/operator-error.ts';
import type { ShellEnvironment } from '../cli/local-gateway.ts';
import type { HookgateConfig } from '../lib/config/config.ts';

const VARIABLE = 'HOOKGATE_ALLOWED_HOSTS';

/**
 * Which hosts besides this machine's own a delivery may be addressed to, as through a tunnel: the host of each source's
 * `publicUrl`, and the names in `HOOKGATE_ALLOWED_HOSTS`, separated by commas. A name that starts with a dot stands for all
 * names that end so; it has two labels at least, because every page of the web could be at a name under `.com`. Throws an {@link OperatorError} if the variable has something that is not a host name.
 */
export function allowedHosts(
  { sources }: HookgateConfig,
  environment: ShellEnvironment,
): (hostname: string) => boolean {
  const urls = sources.map(({ options: { publicUrl } }) => publicUrl).filter((url) => typeof url === 'string');
  const stated = (environment[VARIABLE] ?? '').split(',').flatMap((name) => name.trim().toLowerCase() || []);
  for (const name of stated) {
    if (/^[a-z0-9-]+(\.[a-z0-9-]+)*$|^(\.[a-z0-9-]+){2,}$/.test(name)) continue;
    throw new OperatorError(
      `${VARIABLE} must be host names separated by commas, such as "x.example" or ".x.example": "${name}" is not one.`,
    );
  }
  const names = new Set([...urls.map((url) => new URL(url).hostname), ...stated]);
  return (hostname) => names.has(hostname) || stated.some((name) => name.startsWith('.') && hostname.endsWith(name));
}
