import { AppWindow, FolderOpen, FolderX, Hammer, Plus, PlugZap, Power, TriangleAlert } from 'lucide-react';
import type { InstallView, ProjectView } from '../../../../contract/index.ts';
import { cx } from '../../lib/classes.ts';
import { runCommand, showCentre, showPanelTab } from '../../model/commands.ts';
import { PREVIEW_SIZES, usePreferences } from '../../model/preferences.ts';
import { act } from '../../model/toasts.ts';
import { useView } from '../../model/view.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FirstBuild } from './FirstBuild.tsx';
import { LiveStrip } from './LiveStrip.tsx';
import styles from './Preview.module.css';

interface PreviewProps {
  readonly project: ProjectView | undefined;
  readonly install: InstallView | undefined;
}

/** The platform's page with the extension in it, as it will stand in production. */
export function Preview({ project, install }: PreviewProps) {
  return (
    <div className={styles['preview']}>
      <LiveStrip project={project} install={install} />
      <div className={styles['stage']}>
        {install?.hasUi && install.enabled ? (
          <Frame install={install} />
        ) : (
          <Nothing project={project} install={install} />
        )}
      </div>
    </div>
  );
}

function Frame({ install }: { install: InstallView }) {
  const loads = useView(view => view.previewLoads);
  const size = PREVIEW_SIZES[usePreferences(preferences => preferences.previewSize)];
  return (
    <iframe
      key={`${install.registryId} ${loads}`}
      className={cx(styles['frame'], !size && styles['fit'])}
      src={install.previewUrl}
      title={`Preview of ${install.name}`}
      data-testid="preview-frame"
      {...(size && { style: { width: size.width, height: size.height } })}
    />
  );
}

function Nothing({ project, install }: PreviewProps) {
  if (install && !install.enabled) {
    return (
      <EmptyState
        icon={<Power size={18} />}
        title={`${install.name} is disabled`}
        actions={
          <Button
            onClick={() => act('install.set-enabled', { registryId: install.registryId, enabled: true })}
          >
            Enable it
          </Button>
        }
      >
        The gateway refuses its calls, as the platform does for a disabled install.
      </EmptyState>
    );
  }
  if (install) {
    return (
      <EmptyState
        icon={<PlugZap size={18} />}
        title="A handler without a UI"
        actions={<Button onClick={() => showCentre('request')}>Compose a request</Button>}
      >
        There is no page to show: this extension only answers calls. Send one to an endpoint of its manifest
        and watch it in the traffic.
      </EmptyState>
    );
  }
  return <NotBuilt project={project} />;
}

function NotBuilt({ project }: { project: ProjectView | undefined }) {
  if (project?.build.status === 'building') return <FirstBuild build={project.build} />;
  if (project && isGone(project)) return <Gone project={project} />;
  if (project?.build.status === 'failed') {
    return (
      <EmptyState
        icon={<TriangleAlert size={18} />}
        title="It has not built yet"
        actions={<Button onClick={() => showPanelTab('problems')}>Show problems</Button>}
      >
        Mend the problems listed below; saving a file builds again.
      </EmptyState>
    );
  }
  if (!project) return <NothingOpen />;
  return (
    <EmptyState
      icon={<AppWindow size={18} />}
      title={`Build ${project.name} to see it run`}
      actions={
        <Button variant="primary" icon={<Hammer size={14} />} onClick={() => runCommand('project.build')}>
          Build
        </Button>
      }
    >
      A build checks, compiles and packs the extension, installs it for the local tenant and opens it here, in
      the platform&rsquo;s own page.
    </EmptyState>
  );
}

/** The folder was deleted, moved, or is on a disk that is not there now. */
function isGone({ build }: ProjectView): boolean {
  return build.problems.some(problem => problem.code === 'project.not-a-folder');
}

function Gone({ project }: { project: ProjectView }) {
  return (
    <EmptyState
      icon={<FolderX size={18} />}
      title={`The folder of ${project.name} is gone`}
      actions={
        <>
          <Button icon={<FolderOpen size={14} />} onClick={() => runCommand('project.open')}>
            Open where it is now
          </Button>
          <Button variant="quiet" onClick={() => act('project.close', { projectId: project.id })}>
            Close the project
          </Button>
        </>
      }
    >
      It was at <code>{project.folder}</code>. Put it back and it builds again; what it installed stays.
    </EmptyState>
  );
}

function NothingOpen() {
  return (
    <EmptyState
      icon={<AppWindow size={18} />}
      title="No project is open"
      actions={
        <>
          <Button icon={<Plus size={14} />} onClick={() => runCommand('project.new')}>
            New extension
          </Button>
          <Button icon={<FolderOpen size={14} />} onClick={() => runCommand('project.open')}>
            Open a project
          </Button>
        </>
      }
    >
      Open one to build it and watch it answer, or choose an installed extension on the left to see it run.
    </EmptyState>
  );
}
