/** The token that a handshake sends back or signs: a text of few characters and bounded length. */
export interface HandshakeToken {
  /** The text of a value that is such a token; undefined for any other value. */
  read(value: unknown): string | undefined;
  /** Whether a body is made of a token's characters alone, and not longer than a token. */
  holds(body: Buffer): boolean;
}

/**
 * Describes the tokens that a handshake takes: `characters` is the inside of a character class, such as `A-Za-z0-9_-`.
 *
 * Anybody can send a handshake, so one that signs what it is sent would sign an event for a stranger. Its tokens are therefore
 * kept apart from deliveries: the gateway refuses a delivery whose body could be a token, before the signature is looked at.
 */
export function handshakeToken(characters: string, maxLength: number): HandshakeToken {
  const pattern = new RegExp(`^[${characters}]{1,${maxLength}}$`);
  return {
    read: (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined),
    holds: (body) => body.length <= maxLength && pattern.test(body.toString('latin1')),
  };
}
