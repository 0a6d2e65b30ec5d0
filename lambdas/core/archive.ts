/** The prefix of the object keys of a source's evidence. */
export const archivePrefix = (source: string): string => `archive/${source}/`;

/**
 * The place of a batch in the archive, by source and hour (UTC): `archive/osigu/2026/03/01/09/<id>.jsonl.gz`. `at` is in
 * milliseconds since the epoch; `id` names the invocation.
 */
export function archivePlace(source: string, at: number, id: string): string {
  const hour = new Date(at).toISOString().slice(0, 'yyyy-mm-ddThh'.length).replaceAll(/[-T]/g, '/');
  return `${archivePrefix(source)}${hour}/${id}.jsonl.gz`;
}
