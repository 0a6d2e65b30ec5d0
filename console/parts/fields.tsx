import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useEffect, useState } from 'react';
import type { SessionLane } from '../api.ts';
import { useSession } from '../session.ts';

/** Picks one of some values, or none: the empty text. */
export function Pick({
  label,
  value,
  options,
  all,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (string | { readonly value: string; readonly label: string })[];
  /** The label of no choice; absent if one must be picked. */
  readonly all?: string;
  readonly onChange: (value: string) => void;
}) {
  const named = options.map((option) => (typeof option === 'string' ? { value: option, label: option } : option));
  const list = [...(all === undefined ? [] : [{ value: '', label: all }]), ...named];
  return (
    <FormField label={label}>
      <Select
        options={list}
        selectedOption={list.find((option) => option.value === value) ?? { value, label: value }}
        filteringType={list.length > 12 ? 'auto' : 'none'}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}

export const PickSource = (props: {
  readonly value: string;
  readonly all?: string;
  readonly onChange: (value: string) => void;
}) => <Pick label="Source" options={useSession().sources.map(({ name }) => name)} {...props} />;

/** Picks a source, or a target: to most operations a target is a source of its own. */
export function PickLane({
  isOffered = () => true,
  ...props
}: {
  readonly value: string;
  readonly all?: string;
  /** Whether a lane is one of those to pick from. Default: each is. */
  readonly isOffered?: (lane: SessionLane) => boolean;
  readonly onChange: (value: string) => void;
}) {
  const lanes = useSession().lanes.filter(isOffered);
  const label = lanes.some(({ isTarget }) => isTarget) ? 'Source or target' : 'Source';
  return <Pick label={label} options={lanes.map(({ name }) => name)} {...props} />;
}

const SETTLED_MS = 400;

/** A text that takes effect once the reader stops typing. */
export function Typed({
  label,
  value,
  placeholder = '',
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(onChange, SETTLED_MS, text);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <FormField label={label}>
      <Input
        value={text}
        placeholder={placeholder}
        spellcheck={false}
        onChange={({ detail }) => setText(detail.value)}
      />
    </FormField>
  );
}

export const SINCE = [
  { value: '15m', label: 'Last 15 minutes' },
  { value: '3h', label: 'Last 3 hours' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
] as const;
