import { useSyncExternalStore } from 'react';
import { ago } from '../../cli/text/ago.ts';

const LOCAL = new Intl.DateTimeFormat(undefined, {
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  timeZoneName: 'short',
});

/** Whether the reader's clock shows UTC at that time: the time is then shown once. */
const isUtc = (time: string): boolean => new Date(time).getTimezoneOffset() === 0;

const UTC = (time: string): string => `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** A time in the reader's zone and in UTC. */
export function When({ time, none = '–' }: { readonly time: string | null | undefined; readonly none?: string }) {
  if (time === null || time === undefined || Number.isNaN(Date.parse(time))) return <>{none}</>;
  return (
    <time dateTime={time} className="when">
      {!isUtc(time) && <span>{LOCAL.format(new Date(time))}</span>}{' '}
      <span className={isUtc(time) ? undefined : 'when-utc'}>{UTC(time)}</span>
    </time>
  );
}

let now = Date.now();
const subscribe = (changed: () => void): (() => void) => {
  const timer = setInterval(() => {
    now = Date.now();
    changed();
  }, 10_000);
  return () => clearInterval(timer);
};

/** How long ago a time was; the time itself is in the element's title. */
export function Ago({ time, none = 'never' }: { readonly time: string | null | undefined; readonly none?: string }) {
  const current = useSyncExternalStore(subscribe, () => now);
  if (time === null || time === undefined) return <>{none}</>;
  const text = current - Date.parse(time) < 60_000 ? 'less than a minute ago' : `${ago(time, current)} ago`;
  return (
    <time dateTime={time} title={isUtc(time) ? UTC(time) : `${LOCAL.format(new Date(time))}, ${UTC(time)}`}>
      {text}
    </time>
  );
}
