import { join, posix } from 'node:path';
import type { Problem } from '../../contract/index.ts';
import { listFiles, readTextIfThere } from './files.ts';
import { finding, type Finding, type Inspection, type SourceFile } from './finding.ts';
import type { Project } from './read.ts';
import { handlerRules } from './rules/handler.ts';
import { htmlRules } from './rules/html.ts';
import { manifestRules } from './rules/manifest.ts';
import { packageRules } from './rules/package-json.ts';
import { scriptRules } from './rules/script.ts';
import { uiFileRules } from './rules/ui-files.ts';
import { witRules } from './rules/wit.ts';

const MOST_FILES = 2000;
const MOST_CHARACTERS = 1_000_000;
const TOP_FILES = ['manifest.json', 'package.json', 'index.html', 'handler.ts', 'handler.js'];
const FOLDERS = ['src', 'ui', 'wit'];
const TEXT = /\.(?:[cm]?[jt]sx?|html|css|wit)$/;

const RULES: readonly ((inspection: Inspection) => Finding[])[] = [
  manifestRules,
  packageRules,
  witRules,
  handlerRules,
  htmlRules,
  scriptRules,
  uiFileRules,
];

/**
 * What keeps a project from being built, run or shown as its author thinks: its structure, package.json, component
 * world, handler and page, with the known faults of the official scaffolds (spec 5.3, 5.5, 11.2 to 11.4; ui-bridge
 * 1.3 to 1.5, 2.1, 2.3). The manifest's own rules and lints are the manifest room's.
 *
 * @param project as `readProject` found it; the other files are read now
 * @returns problems with place, reason and, where one click can mend it, a fix for `applyFix`
 * @throws WorkbenchError `project.unreadable`
 */
export async function diagnoseProject(project: Project): Promise<Problem[]> {
  return (await inspectProject(project)).map(found => found.problem);
}

/** The findings behind {@link diagnoseProject}. Fixes of one code are told apart by a number. */
export async function inspectProject(project: Project): Promise<Finding[]> {
  const paths = (
    await Promise.all(FOLDERS.map(folder => listFiles(project.folder, folder, MOST_FILES)))
  ).flat();
  const inspection: Inspection = { project, paths, sources: await readSources(project, paths) };
  const findings = RULES.flatMap(rule => rule(inspection));
  if (paths.length >= MOST_FILES) findings.push(tooManyFiles());
  return numberFixes(findings);
}

async function readSources(project: Project, paths: readonly string[]): Promise<SourceFile[]> {
  const wanted = [
    ...TOP_FILES,
    ...buildScripts(project),
    ...paths.filter(path => TEXT.test(posix.basename(path))),
  ];
  const sources: SourceFile[] = [];
  for (const path of wanted) {
    const text = await readTextIfThere(join(project.folder, path));
    if (text !== undefined && text.length <= MOST_CHARACTERS) sources.push({ path, text });
  }
  return sources;
}

/** Files that the project's own build command runs: `node ./scripts/build.mjs`. */
function buildScripts({ shape }: Project): string[] {
  const named = (shape.buildScript ?? '').matchAll(/(?<!\S)(?:\.\/)?([\w-][\w./-]*\.[cm]?[jt]s)(?!\S)/g);
  return [...named].map(match => match[1] ?? '').filter(file => !file.includes('..'));
}

function tooManyFiles(): Finding {
  return finding({
    code: 'project.too-many-files',
    severity: 'info',
    message: `Only the first ${MOST_FILES} files below src, ui or wit were looked at.`,
    help: 'Nothing to do; the checks may have missed something.',
  });
}

function numberFixes(findings: readonly Finding[]): Finding[] {
  const total = countBy(findings);
  const seen = new Map<string, number>();
  return findings.map(found => {
    const { fix } = found.problem;
    if (fix === undefined || (total.get(fix.id) ?? 0) < 2) return found;
    const number = (seen.get(fix.id) ?? 0) + 1;
    seen.set(fix.id, number);
    return { ...found, problem: { ...found.problem, fix: { ...fix, id: `${fix.id}:${number}` } } };
  });
}

function countBy(findings: readonly Finding[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const { problem } of findings) {
    if (problem.fix) total.set(problem.fix.id, (total.get(problem.fix.id) ?? 0) + 1);
  }
  return total;
}
