import { CircleX, Radio, Snail } from 'lucide-react';
import type { BuildKind, InstallView, LiveBuild, Problem, ProjectView } from '../../../../contract/index.ts';
import { cx } from '../../lib/classes.ts';
import { shortHash } from '../../lib/hash.ts';
import { KIND_CHOICES } from '../../lib/kinds-of-build.ts';
import { duration } from '../../lib/time.ts';
import { showPanelTab } from '../../model/commands.ts';
import { act, copyText } from '../../model/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { ChoiceMenu } from '../../ui/ChoiceMenu.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import styles from './Preview.module.css';

interface LiveStripProps {
  readonly project: ProjectView | undefined;
  readonly install: InstallView | undefined;
}

/** One line that is always there: what answers now, also while a newer build fails. */
export function LiveStrip({ project, install }: LiveStripProps) {
  const live = project?.build.live;
  const hash = live?.hash ?? install?.contentHash;
  if (project?.build.status === 'failed') return <Failing hash={hash} problem={project.build.problems[0]} />;
  if (!install || hash === undefined) return <div className={styles['strip']}>Nothing runs yet</div>;
  return (
    <div className={styles['strip']}>
      <Radio size={14} className={styles['live']} aria-hidden />
      <span className={styles['words']}>
        Live{' '}
        <button
          type="button"
          className={styles['copy']}
          title={`Copy ${hash}`}
          onClick={() => copyText(hash, 'Content hash')}
        >
          {shortHash(hash)}
        </button>
      </span>
      {project && live && <Kind projectId={project.id} live={live} wanted={project.kind} />}
      {project && live && <Since live={live} packing={project.build.packing === true} />}
      <button
        type="button"
        className={cx(styles['copy'], styles['url'])}
        title={`Copy ${install.previewUrl}`}
        onClick={() => copyText(install.previewUrl, 'Address')}
      >
        {install.previewUrl.replace(/^https?:\/\//, '')}
      </button>
    </div>
  );
}

/** Problems come the gravest first. */
function Failing({ hash, problem }: { hash: string | undefined; problem: Problem | undefined }) {
  return (
    <div className={cx(styles['strip'], styles['failing'])} role="status" data-testid="build-failed-banner">
      <CircleX size={14} aria-hidden />
      <span className={styles['words']}>
        <b>Build failed</b>
        {problem?.file !== undefined && (
          <>
            {' '}
            at{' '}
            <code>
              {[problem.file, problem.line, problem.column].filter(part => part !== undefined).join(':')}
            </code>
          </>
        )}
        .{' '}
        {hash === undefined ? (
          'There is no earlier build to run.'
        ) : (
          <>
            The last good build <code>{shortHash(hash)}</code> keeps running.
          </>
        )}
      </span>
      <Button variant="quiet" className={styles['link']} onClick={() => showPanelTab('problems')}>
        Show problems
      </Button>
    </div>
  );
}

/** Which build runs, and the switch between them; a project that builds in its own way has the release build only. */
function Kind({ projectId, live, wanted }: { projectId: string; live: LiveBuild; wanted: BuildKind }) {
  if (live.slow !== undefined) {
    return (
      <span className={styles['slow']} title={live.slow}>
        <Snail size={14} aria-hidden /> Release build: {live.slow}
      </span>
    );
  }
  return (
    <span className={styles['kind']} data-kind={live.kind}>
      <ChoiceMenu
        label="The handler runs as"
        choices={KIND_CHOICES}
        value={wanted}
        onChoose={kind => act('project.set-kind', { projectId, kind })}
      />
    </span>
  );
}

function Since({ live, packing }: { live: LiveBuild; packing: boolean }) {
  return (
    <span className={styles['since']}>
      built <RelativeTime at={live.since} />
      {live.ms >= 1 && `, in ${duration(live.ms)}`}
      {packing && ' · packing…'}
      {live.pagesFrom !== undefined && (
        <span title="Your own Vite serves the pages and replaces what you save where it is. The bundle has what `vite build` makes of them.">
          {` · pages from ${live.pagesFrom}`}
        </span>
      )}
    </span>
  );
}
