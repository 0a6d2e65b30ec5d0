import { isPlain } from '../text/shown.ts';
import { shellWord } from '../text/shell-word.ts';
import { looksLikeShortId } from './short-id.ts';

/** The line of a report that says what to do next, with the command for it: `Next: <what>: npm run ops -- <command>`. */
export const next = (what: string, command: string): string => `Next: ${what}: npm run ops -- ${command}`;

/** The longest key that is worth pasting; a longer one is shown by its short id. */
const MAX_PASTED = 80;

/**
 * The end of a command that names an event. A sender chooses its event ids, so the key is quoted for the shell, and behind `--`
 * no key is taken for an option. A key that cannot be pasted exactly, or that is null, is named by the short id.
 */
export const nameArgument = ({ id, key }: { readonly id: string; readonly key: string | null }): string =>
  key !== null && isPlain(key) && key !== '' && key.length <= MAX_PASTED && !looksLikeShortId(key)
    ? `-- ${shellWord(key)}`
    : `-- ${id}`;
