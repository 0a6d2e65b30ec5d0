import type { ReactNode } from 'react';
import { shown } from '../../cli/text/shown.ts';

/** A page of this repository, as far as its Markdown goes: headings, lists, code and paragraphs. Links are their texts. */
export const Notes = ({ markdown }: { readonly markdown: string }) => (
  <div className="notes">{blocksOf(markdown).map((block, index) => drawn(block, index))}</div>
);

/** Blocks are separated by empty lines, except within code. */
const blocksOf = (markdown: string): string[] =>
  markdown
    .match(/```[\s\S]*?```|(?:(?!\n\s*\n|```)[\s\S])+/g)
    ?.map((block) => block.trim())
    .filter(Boolean) ?? [];

function drawn(block: string, key: number): ReactNode {
  const [, code] = /^```\w*\n([\s\S]*?)\n?```$/.exec(block) ?? [];
  if (code !== undefined) return <pre key={key}>{code.split('\n').map(shown).join('\n')}</pre>;
  const items = block.split(/\n(?=(?:[-*]|\d+\.) )/);
  if (/^(?:[-*]|\d+\.) /.test(block))
    return (
      <ul key={key}>
        {items.map((item, index) => (
          <li key={index}>{inline(item.replace(/^(?:[-*]|\d+\.) +/, ''))}</li>
        ))}
      </ul>
    );
  return <p key={key}>{inline(block.replace(/^#+ /, ''))}</p>;
}

/** A line with its code and its strong words. */
const inline = (text: string): ReactNode[] =>
  text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .map((part, index) => {
      if (part.startsWith('`')) return <code key={index}>{shown(part.slice(1, -1))}</code>;
      return part.startsWith('**') ? <b key={index}>{shown(part.slice(2, -2))}</b> : shown(part);
    });
