import { shown } from '../../cli/text/shown.ts';

/** A text that a sender chose, on one line: whatever is hidden in it is an escape. */
export const Said = ({ text, none = '–' }: { readonly text: string | null | undefined; readonly none?: string }) =>
  text === null || text === undefined ? <>{none}</> : <span className="said">{shown(text)}</span>;

/** Lines that a sender chose. A line break is one; everything else that is hidden is an escape. */
export const Lines = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <pre className="lines" tabIndex={0} role="region" aria-label={label}>
    {text.split('\n').map(shown).join('\n')}
  </pre>
);
