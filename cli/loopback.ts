/** Whether a host name names this machine by a name or an address that cannot leave it. An IPv6 address is in brackets. */
export const isLoopbackName = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(hostname);

/** Whether a URL names this machine. Throws a TypeError if the text is not a URL. */
export const isLoopback = (url: string): boolean => isLoopbackName(new URL(url).hostname);

/** The name in a Host header, in lower case and without its port; undefined if the header is absent or malformed. */
export const hostnameOf = (host: string | undefined): string | undefined =>
  /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
