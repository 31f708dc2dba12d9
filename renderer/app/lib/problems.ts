import type { Problem } from '../../../contract/index.ts';

export interface ProblemGroup {
  /** Absent: about the project as a whole. */
  readonly file: string | undefined;
  readonly problems: readonly Problem[];
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

/** Problems by file: files with errors first, then by name; within a file by severity, then by place. */
export function groupProblems(problems: readonly Problem[]): ProblemGroup[] {
  const groups = Map.groupBy(problems, problem => problem.file);
  return [...groups]
    .map(([file, members]) => ({ file, problems: members.toSorted(byPlace) }))
    .sort((a, b) => worst(a) - worst(b) || (a.file ?? '').localeCompare(b.file ?? ''));
}

function byPlace(a: Problem, b: Problem): number {
  return (
    RANK[a.severity] - RANK[b.severity] || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
  );
}

function worst(group: ProblemGroup): number {
  return Math.min(...group.problems.map(problem => RANK[problem.severity]));
}

/** `5 errors, 1 warning, 2 notes`; a kind of which there is none is left out, `no problems` when there is none at all. */
export function countProblems(counts: { errors: number; warnings: number; notes?: number }): string {
  const { errors, warnings, notes = 0 } = counts;
  const parts = [counted(errors, 'error'), counted(warnings, 'warning'), counted(notes, 'note')];
  return parts.filter(part => part !== '').join(', ') || 'no problems';
}

function counted(count: number, name: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? name : `${name}s`}`;
}
