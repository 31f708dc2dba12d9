import { Hammer } from 'lucide-react';
import type { ProjectView } from '../../../../contract/index.ts';
import { STAGES } from '../../lib/stages.ts';
import { duration } from '../../lib/time.ts';
import { runCommand, showPanelTab } from '../../model/commands.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import styles from './BuildView.module.css';
import { Stage } from './Stage.tsx';

/** The stages of the last build, each with its time. */
export function BuildView({ project }: { project: ProjectView | undefined }) {
  if (!project || (project.build.status === 'never' && project.build.stages.length === 0)) {
    return (
      <EmptyState
        icon={<Hammer size={18} />}
        title="No build yet"
        actions={project && <Button onClick={() => runCommand('project.build')}>Build</Button>}
      >
        Each stage shows here with its time. Stages whose inputs did not change are taken from the last build.
      </EmptyState>
    );
  }
  const { build } = project;
  const longest = Math.max(1, ...build.stages.map(stage => stage.ms));
  return (
    <div className={styles['view']}>
      <Summary project={project} />
      <ol className={styles['stages']} aria-label="Stages">
        {STAGES.map(name => (
          <Stage key={name} name={name} build={build} longest={longest} />
        ))}
      </ol>
    </div>
  );
}

function Summary({ project: { build, errorCount } }: { project: ProjectView }) {
  const took = build.ms === undefined ? '' : ` in ${duration(build.ms)}`;
  return (
    <header className={styles['summary']} role="status">
      {build.status === 'building' && <span>Building…</span>}
      {build.status === 'ok' && <b>Built{took}</b>}
      {build.status === 'failed' && <b className={styles['bad']}>Failed{took}</b>}
      {build.status === 'cancelled' && <b>Cancelled</b>}
      {build.status !== 'building' && build.finishedAt !== undefined && (
        <span className={styles['when']}>
          <RelativeTime at={build.finishedAt} />
        </span>
      )}
      <span className={styles['gap']} />
      {errorCount > 0 && (
        <Button variant="danger" onClick={() => showPanelTab('problems')}>
          {errorCount === 1 ? 'Show the error' : `Show ${errorCount} errors`}
        </Button>
      )}
    </header>
  );
}
