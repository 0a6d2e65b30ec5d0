const NAME = 'hookgate-console-token';

/**
 * The token of this start: behind `#token=` in the address that was printed, and kept for this origin so that a link opens in another
 * tab too. It is taken out of the address at once, so that no history or screenshot has it. Another start has another token.
 */
export function readToken(): string {
  const [, given] = /^#token=([\w-]+)$/.exec(location.hash) ?? [];
  if (given === undefined) return localStorage.getItem(NAME) ?? '';
  localStorage.setItem(NAME, given);
  history.replaceState(null, '', '#/');
  return given;
}
