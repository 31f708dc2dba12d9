import type { BuildState, StageName } from '../../../../contract/index.ts';
import { STAGE_LABELS, stageState } from '../../lib/stages.ts';
import { duration } from '../../lib/time.ts';
import { Chip } from '../../ui/Chip.tsx';
import { StageIcon } from '../../ui/StageIcon.tsx';
import styles from './BuildView.module.css';

/** One stage with its time; `longest` (milliseconds) fills the bar. */
export function Stage({ name, build, longest }: { name: StageName; build: BuildState; longest: number }) {
  const done = build.stages.find(stage => stage.name === name);
  const state = stageState(name, build);
  const { title, help } = STAGE_LABELS[name];
  return (
    <li className={styles['stage']} data-state={state}>
      <span className={styles['icon']}>
        <StageIcon state={state} />
      </span>
      <span className={styles['name']}>{title}</span>
      <span className={styles['help']}>{help}</span>
      <span className={styles['bar']} aria-hidden>
        {done && <span style={{ width: `${Math.max(1, (done.ms / longest) * 100)}%` }} />}
      </span>
      <span className={styles['note']}>
        {done?.cached === true && <Chip>from cache</Chip>}
        {state === 'skipped' && 'not needed'}
        {state === 'waiting' && 'waits'}
        {state === 'running' && 'running'}
      </span>
      <span className={styles['ms']}>{done && duration(done.ms)}</span>
    </li>
  );
}
