import { CircleCheck, CircleX, FileText, Info, TriangleAlert, Wrench } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Problem, ProjectView } from '../../../../contract/index.ts';
import { countProblems, groupProblems, type ProblemGroup } from '../../lib/problems.ts';
import { runCommand } from '../../model/commands.ts';
import { applyFixes, offeredFixes } from '../../model/fixes.ts';
import { act } from '../../model/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import styles from './Problems.module.css';

/** What keeps the project from running, or will hurt later, by file. */
export function Problems({ project }: { project: ProjectView | undefined }) {
  const problems = project?.build.problems ?? [];
  if (!project || problems.length === 0) return <NoProblems project={project} />;
  return (
    <div className={styles['list']} role="region" aria-label="Problems">
      <Summary project={project} />
      {groupProblems(problems).map(group => (
        <Group key={group.file ?? ''} group={group} projectId={project.id} />
      ))}
    </div>
  );
}

/** What there is of each kind, and one button for all that one click can mend. */
function Summary({ project }: { project: ProjectView }) {
  const [fixing, setFixing] = useState(false);
  const { problems } = project.build;
  const { errorCount: errors, warningCount: warnings } = project;
  const fixes = offeredFixes(problems);
  const fixAll = (): void => {
    setFixing(true);
    void applyFixes(project.id, fixes).finally(() => setFixing(false));
  };
  return (
    <header className={styles['summary']}>
      <span>{countProblems({ errors, warnings, notes: problems.length - errors - warnings })}</span>
      {fixes.length > 1 && (
        <Button
          variant="primary"
          className={styles['fix']}
          icon={<Wrench size={13} aria-hidden />}
          disabled={fixing}
          data-fix-all
          onClick={fixAll}
        >
          Fix all {fixes.length}
        </Button>
      )}
    </header>
  );
}

function Group({ group, projectId }: { group: ProblemGroup; projectId: string }) {
  return (
    <section className={styles['group']}>
      <h3 className={styles['file']}>
        <FileText size={13} aria-hidden />
        <span data-selectable>{group.file ?? 'The project as a whole'}</span>
        <Chip>{group.problems.length}</Chip>
      </h3>
      <ul>
        {group.problems.map((problem, index) => (
          <Entry
            key={`${problem.code} ${problem.line ?? 0}:${problem.column ?? 0} ${index}`}
            problem={problem}
            projectId={projectId}
          />
        ))}
      </ul>
    </section>
  );
}

function Entry({ problem, projectId }: { problem: Problem; projectId: string }) {
  const { file, line, column, fix } = problem;
  return (
    <li className={styles['entry']} data-severity={problem.severity} data-code={problem.code}>
      <div className={styles['row']}>
        {severityIcon(problem.severity)}
        <p className={styles['message']} data-selectable>
          {problem.message} <code className={styles['code']}>{problem.code}</code>
        </p>
        {fix && (
          <Button
            className={styles['fix']}
            icon={<Wrench size={13} aria-hidden />}
            data-fix={fix.id}
            onClick={() => act('project.apply-fix', { projectId, fixId: fix.id })}
          >
            {fix.title}
          </Button>
        )}
        {file !== undefined && (
          <button
            type="button"
            className={styles['place']}
            title={`Open ${file} in the editor`}
            aria-label={`Open ${file} at ${place(problem)} in the editor`}
            onClick={() => act('project.open-file', { projectId, file, line, column })}
          >
            {place(problem)}
          </button>
        )}
      </div>
      {problem.help !== undefined && (
        <p className={styles['help']} data-selectable>
          {problem.help}
        </p>
      )}
      {problem.frame !== undefined && (
        <pre className={styles['frame']} tabIndex={0} aria-label="Source around the place">
          {problem.frame}
        </pre>
      )}
    </li>
  );
}

function place({ line, column }: Problem): string {
  if (line === undefined) return 'open';
  return column === undefined ? `${line}` : `${line}:${column}`;
}

function severityIcon(severity: Problem['severity']): ReactNode {
  switch (severity) {
    case 'error':
      return <CircleX size={14} className={styles['error']} aria-label="Error" />;
    case 'warning':
      return <TriangleAlert size={14} className={styles['warning']} aria-label="Warning" />;
    case 'info':
      return <Info size={14} className={styles['info']} aria-label="Note" />;
  }
}

function NoProblems({ project }: { project: ProjectView | undefined }) {
  if (!project || project.build.status === 'never') {
    return (
      <EmptyState
        icon={<CircleCheck size={18} />}
        title="Nothing has been checked yet"
        actions={project && <Button onClick={() => runCommand('project.build')}>Build</Button>}
      >
        A build checks the manifest by the platform&rsquo;s own rules and the folder for known faults, and
        says where each one stands and how to mend it.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<CircleCheck size={18} />} title="No problems">
      The platform would accept this manifest, and the last build found nothing to say.
    </EmptyState>
  );
}
