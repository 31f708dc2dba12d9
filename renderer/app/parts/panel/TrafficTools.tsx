import { CircleDot, ListFilter, Pause, Trash2 } from 'lucide-react';
import { cx } from '../../lib/classes.ts';
import { runCommand } from '../../model/commands.ts';
import { setTrafficFilter, useTraffic } from '../../model/traffic.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import styles from './Panel.module.css';

const HELP =
  'Words that must all occur; -word must not.\nkind:handler  status:>=400  outcome:error  trace:<id>  request:<id>';

export function TrafficTools() {
  const filter = useTraffic(traffic => traffic.filter);
  const paused = useTraffic(traffic => traffic.paused);
  return (
    <>
      <label className={styles['filter']} title={HELP}>
        <ListFilter size={13} aria-hidden />
        <input
          type="search"
          value={filter}
          aria-label="Filter traffic"
          placeholder="Filter: clients status:>=400"
          spellCheck={false}
          data-traffic-filter
          onChange={event => setTrafficFilter(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Escape') setTrafficFilter('');
          }}
        />
      </label>
      <Button
        variant="quiet"
        className={cx(styles['tool'], paused && styles['paused'])}
        icon={paused ? <CircleDot size={13} aria-hidden /> : <Pause size={13} aria-hidden />}
        aria-pressed={paused}
        title={paused ? 'Record again (Ctrl+Shift+P)' : 'Stop recording for now (Ctrl+Shift+P)'}
        onClick={() => runCommand('traffic.toggle-paused')}
      >
        {paused ? 'Resume' : 'Pause'}
      </Button>
      <IconButton
        label="Clear traffic"
        keys="Ctrl+L"
        icon={<Trash2 size={14} />}
        onClick={() => runCommand('traffic.clear')}
      />
    </>
  );
}
