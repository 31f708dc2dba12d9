import { CircleDot, Cpu, Pause, ShieldCheck, Waypoints } from 'lucide-react';
import type { WorkbenchState } from '../../../../contract/index.ts';
import { cx } from '../../lib/classes.ts';
import { runCommand } from '../../model/commands.ts';
import { act, copyText } from '../../model/toasts.ts';
import { useTraffic } from '../../model/traffic.ts';
import { Notices } from './Notices.tsx';
import styles from './StatusBar.module.css';

export function StatusBar({ state }: { state: WorkbenchState }) {
  const paused = useTraffic(traffic => traffic.paused);
  const { gateway, runtime, posture, notices } = state;
  return (
    <footer className={styles['bar']} data-region="status" aria-label="Status">
      <button
        type="button"
        className={styles['item']}
        title={`Copy ${gateway.url}`}
        onClick={() => copyText(gateway.url, 'Address of the gateway')}
      >
        <Waypoints size={12} aria-hidden /> gateway {gateway.url.replace(/^https?:\/\//, '')}
      </button>
      <button
        type="button"
        className={cx(styles['item'], paused ? styles['paused'] : styles['recording'])}
        title={paused ? 'Record again' : 'Stop recording for now'}
        onClick={() => runCommand('traffic.toggle-paused')}
      >
        {paused ? <Pause size={12} aria-hidden /> : <CircleDot size={12} aria-hidden />}
        {paused ? 'paused' : 'recording'}
      </button>
      <button
        type="button"
        className={styles['item']}
        title="Change the posture"
        onClick={() =>
          act('workbench.set-posture', { posture: posture === 'faithful' ? 'strict' : 'faithful' })
        }
      >
        <ShieldCheck size={12} aria-hidden /> {posture}
      </button>
      <span className={styles['gap']} />
      {notices.length > 0 && <Notices notices={notices} />}
      <span className={styles['fact']} title="The engine that runs handlers">
        <Cpu size={12} aria-hidden /> Wasmtime {runtime.wasmtime}
      </span>
      <span className={styles['fact']} title={`Node ${runtime.node}`}>
        {runtime.electron === undefined ? `Node ${runtime.node}` : `Electron ${runtime.electron}`}
      </span>
      <span className={styles['fact']}>Workbench {runtime.app}</span>
    </footer>
  );
}
