import { ago } from '../../text/ago.ts';
import { table } from '../../text/blocks.ts';
import type { Block } from '../../text/blocks.ts';
import { next } from '../next.ts';
import type { SecretStatus, SigningVersion, SourceSecret, TargetSecret, VersionStatus } from './status-data.ts';

const isOfTarget = (secret: SecretStatus): secret is TargetSecret => 'signs' in secret;
const isOfSource = (secret: SecretStatus): secret is SourceSecret => !isOfTarget(secret);

/** The secrets in words: those that verify deliveries in one table, those that sign requests in another. */
export function statusInWords(secrets: readonly SecretStatus[], now: number): Block[] {
  const sources = secrets.filter(isOfSource);
  const targets = secrets.filter(isOfTarget);
  return [
    ...(sources.length > 0 || targets.length === 0
      ? [
          table(
            [...HEAD_OF('source'), 'last matched', 'accepted'],
            sources.flatMap((each) =>
              rowsOf(each, now, ['-', 'nothing'], (version) => [matched(version, now), acceptance(version)]),
            ),
          ),
        ]
      : []),
    ...(targets.length > 0
      ? [
          table(
            [...HEAD_OF('target'), 'signs'],
            targets.flatMap((each) => rowsOf(each, now, ['nothing'], (version) => [signing(version)])),
          ),
        ]
      : []),
    ...targets.flatMap(signatures),
  ];
}

const HEAD_OF = (what: 'source' | 'target'): string[] => [what, 'rotation', 'label', 'version', 'age'];

function rowsOf<Version extends VersionStatus | SigningVersion>(
  { source, rotation, versions }: Pick<SecretStatus, 'source' | 'rotation'> & { readonly versions: readonly Version[] },
  now: number,
  none: readonly string[],
  cellsOf: (version: Version) => readonly string[],
): string[][] {
  if (versions.length === 0) return [[source, rotation, '-', '-', '-', ...none]];
  return versions.map((version, index) => [
    ...(index === 0 ? [source, rotation] : ['', '']),
    version.label,
    version.versionId.slice(0, 8),
    ago(version.createdAt, now),
    ...cellsOf(version),
  ]);
}

const matched = ({ lastMatchedAt }: VersionStatus, now: number): string =>
  lastMatchedAt === null ? 'never' : `${ago(lastMatchedAt, now)} ago`;

const UNREADABLE = 'unknown: it may not be read';

function acceptance({ accepted, flaw, acceptedUntil }: VersionStatus): string {
  if (flaw !== null) return `no: it ${flaw}`;
  if (accepted === null) return UNREADABLE;
  if (!accepted) return 'no longer';
  return acceptedUntil === undefined ? 'yes' : `until ${acceptedUntil}`;
}

function signing({ signs, flaw, signsSince, signsUntil }: SigningVersion): string {
  if (flaw !== null) return `no: it ${flaw}`;
  if (signs === null) return UNREADABLE;
  if (!signs) return 'no longer';
  return signsUntil === undefined ? `since ${signsSince}` : `until ${signsUntil}`;
}

/** The secrets with which a target's receiver may check while its secret is rotated, if there are several. */
function signatures({ source, versions }: TargetSecret): string[] {
  const labels = versions.filter(({ signs }) => signs === true).map(({ label }) => label);
  if (labels.length < 2) return [];
  return [`Each request to ${source} is signed with ${labels.join(' and ')}: its receiver may check with any of them.`];
}

/** Hints for a secret that does not work, or about a version that does not. */
export function hintsOf(secret: SecretStatus): string[] {
  const { source } = secret;
  const isOfNoUse = isOfTarget(secret) ? 'nothing is signed with it' : 'is refused';
  const versions: readonly (VersionStatus | SigningVersion)[] = secret.versions;
  const [current, pending] = ['current', 'pending'].map((label) => versions.find((version) => version.label === label));
  return [
    ...(current === undefined ? [next(`${source} has no secret yet`, `secret set ${source}`)] : []),
    ...(current && current.flaw !== null
      ? [next(`the current secret of ${source} ${current.flaw}, and ${isOfNoUse}`, `secret set ${source}`)]
      : []),
    ...(pending && pending.flaw !== null
      ? [next(`the pending secret of ${source} ${pending.flaw}, and ${isOfNoUse}`, `secret stage ${source} --replace`)]
      : []),
  ];
}
