import type { BuildState } from '../../../../contract/index.ts';
import { STAGE_LABELS, STAGES, stageState } from '../../lib/stages.ts';
import { duration } from '../../lib/time.ts';
import { StageIcon } from '../../ui/StageIcon.tsx';
import styles from './FirstBuild.module.css';

/** The first build of a project, stage by stage, where its preview will stand. */
export function FirstBuild({ build }: { build: BuildState }) {
  return (
    <section className={styles['card']} aria-label="First build">
      <h2>The first build is on its way</h2>
      <p>
        The preview opens here by itself. Making the first component takes a few seconds; later builds reuse
        it.
      </p>
      <ol>
        {STAGES.map(name => {
          const state = stageState(name, build);
          const done = build.stages.find(stage => stage.name === name);
          return (
            <li key={name} data-state={state}>
              <StageIcon state={state} />
              <span>{STAGE_LABELS[name].title}</span>
              <span className={styles['ms']}>{done && duration(done.ms)}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
