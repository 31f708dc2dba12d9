import type { ReactNode } from 'react';
import type { Exchange, ExchangeSummary } from '../../../../contract/index.ts';
import { shortHash } from '../../lib/hash.ts';
import { KIND_TITLES, toneOf } from '../../lib/kinds.ts';
import { clockTime, duration, exactTime } from '../../lib/time.ts';
import { copyText } from '../../model/toasts.ts';
import { Chip } from '../../ui/Chip.tsx';
import { KindIcon } from '../../ui/KindIcon.tsx';
import { HopError } from './HopError.tsx';
import styles from './Inspector.module.css';

/** What the hop was, how it ended, and the facts recorded beside it. */
export function HopHead(props: { hop: ExchangeSummary; exchange: Exchange | undefined; hops: number }) {
  const { hop, exchange, hops } = props;
  const tone = toneOf(hop);
  return (
    <header className={styles['head']}>
      <p className={styles['kind']}>
        <KindIcon kind={hop.kind} /> {KIND_TITLES[hop.kind]}
        <span className={styles['way']}>
          {hop.from} → {hop.to}
        </span>
      </p>
      <div className={styles['title']}>
        <h2 data-selectable>{hop.detail === '' ? hop.what : hop.detail}</h2>
        {hop.status !== '' && (
          <Chip tone={tone} mono>
            {tone === 'bad' && '✕ '}
            {hop.status}
          </Chip>
        )}
      </div>
      {exchange?.error && <HopError error={exchange.error} extension={hop.extension} />}
      <dl className={styles['facts']}>
        <Fact label="Trace">
          <Copyable text={hop.traceId} what="Trace id" shown={`${hop.traceId.slice(0, 8)} · ${hops} hops`} />
        </Fact>
        <Fact label="Started">
          <span title={exactTime(hop.startedAt)}>{clockTime(hop.startedAt)}</span>
          {hop.durationMs !== undefined && hop.kind !== 'log' && (
            <span className={styles['dim']}> took {duration(hop.durationMs)}</span>
          )}
        </Fact>
        {hop.extension !== undefined && (
          <Fact label="Extension">
            {hop.extension}{' '}
            {hop.contentHash !== undefined && (
              <Copyable text={hop.contentHash} what="Content hash" shown={shortHash(hop.contentHash)} />
            )}
          </Fact>
        )}
        {exchange?.notes.map(note => (
          <Fact key={`${note.label} ${note.value}`} label={note.label}>
            <NoteValue value={note.value} />
          </Fact>
        ))}
      </dl>
    </header>
  );
}

/** Longer lists than this stand folded: the body below is what one came for. */
const FOLDED_FROM = 4;

function NoteValue({ value }: { value: string }) {
  const parts = value.split(', ');
  if (parts.length < FOLDED_FROM) return value;
  return (
    <details className={styles['many']}>
      <summary>
        {parts.length}: {value}
      </summary>
      {value}
    </details>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-selectable>{children}</dd>
    </div>
  );
}

function Copyable({ text, what, shown }: { text: string; what: string; shown: string }) {
  return (
    <button
      type="button"
      className={styles['copyable']}
      title={`Copy ${text}`}
      onClick={() => copyText(text, what)}
    >
      {shown}
    </button>
  );
}
