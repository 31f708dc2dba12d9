import path from 'node:path';
import type { Manifest, Problem } from '../../contract/index.ts';
import { lintManifest, parseManifest } from '../manifest/index.ts';
import { diagnoseProject, readProject, type Project } from '../project/index.ts';

/** What a check of a project found. */
export interface Checked {
  readonly project: Project;
  /** Present when the manifest breaks no rule of the platform. */
  readonly manifest?: Manifest;
  readonly problems: readonly Problem[];
}

/**
 * Everything that can be said of a project without building it: its structure, its manifest by the platform's rules
 * and by our lints (spec/alga-platform.md 2.2 to 2.6, 11.3).
 *
 * @param folder of the project
 * @returns `ok` when no problem is an error; the problems, the gravest first
 * @throws WorkbenchError `project.*` when the folder is no project
 */
export async function checkProject(folder: string): Promise<{ ok: boolean; problems: Problem[] }> {
  const { problems } = await readAndCheck(path.resolve(folder));
  return { ok: !hasErrors(problems), problems: [...problems] };
}

/** {@link checkProject} for a build, which goes on with what was read. */
export async function readAndCheck(folder: string): Promise<Checked> {
  return await check(await readProject(folder));
}

/** The check of a project that was read. */
export async function check(project: Project): Promise<Checked> {
  const problems = await diagnoseProject(project);
  const text = project.manifestText;
  if (text === undefined) return { project, problems: ordered(problems) };
  const { manifest, problems: broken } = parseManifest(text);
  const lints = manifest ? lintManifest(text, manifest) : [];
  return { project, ...(manifest && { manifest }), problems: ordered([...problems, ...broken, ...lints]) };
}

/** Whether any of the problems is an error. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(problem => problem.severity === 'error');
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

/** The gravest first, otherwise as found; what two rooms say in the same words at the same place is said once. */
function ordered(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const key = [problem.code, problem.file, problem.line, problem.column, problem.message].join('\n');
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}
