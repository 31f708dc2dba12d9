import { Ban, CircleCheck, CircleDashed, CircleX, FolderOpen, Plus, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ProjectView, WorkbenchState } from '../../../../contract/index.ts';
import { runCommand, selectProject } from '../../model/commands.ts';
import { act } from '../../model/toasts.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { Section } from './Section.tsx';
import styles from './Sidebar.module.css';

export function Projects({ state }: { state: WorkbenchState }) {
  return (
    <Section
      title="Projects"
      actions={
        <span className={styles['actions']}>
          <IconButton
            label="New from template"
            keys="Ctrl+N"
            icon={<Plus size={15} />}
            onClick={() => runCommand('project.new')}
          />
          <IconButton
            label="Open folder"
            keys="Ctrl+O"
            icon={<FolderOpen size={14} />}
            onClick={() => runCommand('project.open')}
          />
        </span>
      }
    >
      {state.projects.length === 0 && <li className={styles['none']}>None open yet</li>}
      {state.projects.map(project => (
        <ProjectItem key={project.id} project={project} current={project.id === state.selectedProjectId} />
      ))}
    </Section>
  );
}

function ProjectItem({ project, current }: { project: ProjectView; current: boolean }) {
  return (
    <li className={styles['entry']} data-current={current}>
      <button
        type="button"
        data-item
        className={styles['item']}
        aria-current={current ? 'true' : undefined}
        title={project.folder}
        onClick={() => selectProject(project.id)}
      >
        <span className={styles['glyph']}>{glyph(project)}</span>
        <span className={styles['label']}>{project.name}</span>
        <span className={styles['meta']}>{meta(project)}</span>
      </button>
      <IconButton
        className={styles['reveal']}
        label={`Close ${project.name}`}
        icon={<X size={13} />}
        onClick={() => act('project.close', { projectId: project.id })}
      />
    </li>
  );
}

function glyph({ build, errorCount, warningCount }: ProjectView): ReactNode {
  if (build.status === 'building') return <Spinner />;
  if (build.status === 'failed' || errorCount > 0) {
    return <CircleX size={14} className={styles['bad']} aria-label="has errors" />;
  }
  if (warningCount > 0) {
    return <TriangleAlert size={14} className={styles['warn']} aria-label="has warnings" />;
  }
  if (build.status === 'ok') return <CircleCheck size={14} className={styles['good']} aria-label="built" />;
  if (build.status === 'cancelled') return <Ban size={14} aria-label="build cancelled" />;
  return <CircleDashed size={14} aria-label="not built" />;
}

function meta({ errorCount, version }: ProjectView): string {
  if (errorCount > 0) return errorCount === 1 ? '1 error' : `${errorCount} errors`;
  return version ?? '';
}
