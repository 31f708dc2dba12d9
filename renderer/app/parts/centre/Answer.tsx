import { CornerDownLeft, ListTree } from 'lucide-react';
import { showPanelTab } from '../../model/commands.ts';
import type { Sending } from '../../model/requests.ts';
import { traceRows, useTraffic } from '../../model/traffic.ts';
import { selectHop } from '../../model/view.ts';
import { showPanel } from '../../model/panels.ts';
import { useExchange } from '../inspector/useExchange.ts';
import { BodyView } from '../inspector/BodyView.tsx';
import { duration } from '../../lib/time.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import styles from './Request.module.css';

/** What came back, read from the recorded gateway hop of the call's trace. */
export function Answer({ sending }: { sending: Sending }) {
  const traceId = sending.phase === 'answered' ? sending.traceId : undefined;
  // The rows are only a signal here: the hop may be recorded a moment after the answer arrived.
  const hop = useTraffic(() =>
    traceId === undefined ? undefined : traceRows(traceId).find(row => row.hop.kind === 'gateway')?.hop,
  );
  const exchange = useExchange(hop);

  if (sending.phase === 'idle') {
    return (
      <EmptyState icon={<CornerDownLeft size={18} />} title="The answer comes here">
        Every call is recorded too: its way through gateway, handler and host calls stands in the traffic
        below.
      </EmptyState>
    );
  }
  if (sending.phase === 'sending') {
    return (
      <div className={styles['wait']} role="status">
        <Spinner /> {sending.draft.method} {sending.draft.path}
      </div>
    );
  }
  if (sending.phase === 'failed') {
    return (
      <div className={styles['failure']} role="alert">
        <b>{sending.error.message}</b>
        <span>{sending.error.next}</span>
      </div>
    );
  }
  const good = sending.status < 400;
  return (
    <section className={styles['answer']} aria-label="Answer">
      <header className={styles['answerHead']}>
        <Chip tone={good ? 'good' : 'bad'} mono>
          {sending.status}
        </Chip>
        <span className={styles['title']}>
          {sending.draft.method} {sending.draft.path}
        </span>
        {hop?.durationMs !== undefined && <span className={styles['took']}>{duration(hop.durationMs)}</span>}
        <Button
          variant="quiet"
          icon={<ListTree size={14} />}
          disabled={!hop}
          onClick={() => {
            selectHop(hop?.id);
            showPanelTab('traffic');
            showPanel('inspector');
          }}
        >
          Show its way
        </Button>
      </header>
      <div className={styles['answerBody']}>
        <BodyView body={exchange?.response?.body} label="Answer" />
      </div>
    </section>
  );
}
