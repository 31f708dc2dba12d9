import { Ban, CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ProjectView } from '../../../../contract/index.ts';
import { cx } from '../../lib/classes.ts';
import { countProblems } from '../../lib/problems.ts';
import { STAGE_LABELS } from '../../lib/stages.ts';
import { duration } from '../../lib/time.ts';
import { showPanelTab } from '../../model/commands.ts';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import styles from './TitleBar.module.css';

/** Where the build stands, in one line; opens the stages (or the problems of a failed one). */
export function BuildPill({ project }: { project: ProjectView }) {
  const { build } = project;
  const failed = build.status === 'failed';
  return (
    <button
      type="button"
      data-testid="build-pill"
      data-status={build.status}
      className={cx(styles['pill'], styles[build.status])}
      onClick={() => showPanelTab(failed ? 'problems' : 'build')}
      title={failed ? 'Show the problems' : 'Show the stages of the build'}
    >
      {icon(build.status)}
      <span>{words(project)}</span>
    </button>
  );
}

function icon(status: ProjectView['build']['status']): ReactNode {
  switch (status) {
    case 'building':
      return <Spinner />;
    case 'ok':
      return <CircleCheck size={13} aria-hidden />;
    case 'failed':
      return <CircleX size={13} aria-hidden />;
    case 'cancelled':
      return <Ban size={13} aria-hidden />;
    case 'never':
      return <CircleDashed size={13} aria-hidden />;
  }
}

function words({ build, errorCount, warningCount }: ProjectView): ReactNode {
  switch (build.status) {
    case 'building':
      return `Building: ${build.running ? STAGE_LABELS[build.running].doing : 'starting'}…`;
    case 'ok':
      return (
        <>
          Built{' '}
          {build.finishedAt !== undefined && <RelativeTime at={build.live?.since ?? build.finishedAt} />}
          {build.ms !== undefined && ` in ${duration(build.live?.ms ?? build.ms)}`}
        </>
      );
    case 'failed':
      return `Build failed: ${countProblems({ errors: errorCount, warnings: warningCount })}`;
    case 'cancelled':
      return 'Build cancelled';
    case 'never':
      return 'Not built yet';
  }
}
