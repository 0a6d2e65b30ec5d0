/** The last line of a report: what to do next, with the command for it. */
export const next = (what: string, command: string): string => `Next: ${what}: npm run ops -- ${command}`;
