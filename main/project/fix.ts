import { join } from 'node:path';
import { CAPABILITIES, MANIFEST_FIELDS, WorkbenchError } from '../../contract/index.ts';
import { inspectProject } from './diagnose.ts';
import { writeFileAtomically } from './files.ts';
import type { FileEdit, FixResources } from './finding.ts';
import { editJson, parseRecord } from './json.ts';
import { readProject, type Project } from './read.ts';

/**
 * Applies one fix that a problem of this project carries, from `diagnoseProject`, `parseManifest` or `lintManifest`.
 * The project is looked at anew, so a fix that no longer applies changes nothing. Edits are as small as can be; each
 * file is replaced as a whole.
 *
 * @param fixId `Problem.fix.id`
 * @param resources files of the workbench that some fixes copy
 * @throws WorkbenchError `project.unknown-fix`, `project.missing-resource`, `project.write-failed`, and those of
 *   `readProject`
 */
export async function applyFix(folder: string, fixId: string, resources: FixResources = {}): Promise<void> {
  const project = await readProject(folder);
  const edits = manifestEdits(project, fixId) ?? (await diagnosedEdits(project, fixId, resources));
  if (edits === undefined) throw new WorkbenchError('project.unknown-fix', { details: { fixId } });
  for (const { file, content } of edits) await writeFileAtomically(join(project.folder, file), content);
}

async function diagnosedEdits(
  project: Project,
  fixId: string,
  resources: FixResources,
): Promise<readonly FileEdit[] | undefined> {
  const findings = await inspectProject(project);
  // The last one left of several that were told apart by a number has none any more.
  const found =
    findings.find(({ problem }) => problem.fix?.id === fixId) ??
    findings.find(({ problem }) => problem.fix !== undefined && `${problem.fix.id}:1` === fixId);
  return found?.edits?.(resources);
}

/** Fixes of problems that the manifest room reports; the id names the field or the capability. */
function manifestEdits({ manifestText: text }: Project, fixId: string): FileEdit[] | undefined {
  const manifest = parseRecord(text);
  const [rule = '', ...rest] = fixId.split(':');
  const subject = rest.join(':');
  if (text === undefined || manifest === undefined) return undefined;
  // A field that the platform knows is never removed, whatever the id says.
  if (
    rule === 'manifest.unknown-field' &&
    Object.hasOwn(manifest, subject) &&
    !MANIFEST_FIELDS.includes(subject)
  ) {
    return [{ file: 'manifest.json', content: editJson(text, [subject], undefined) }];
  }
  if (rule === 'manifest.unknown-capability') return prefixCapability(text, manifest, subject);
  return undefined;
}

function prefixCapability(
  text: string,
  manifest: Record<string, unknown>,
  declared: string,
): FileEdit[] | undefined {
  const wanted = CAPABILITIES.find(capability => capability === `cap:${declared.trim().toLowerCase()}`);
  const list = manifest['capabilities'];
  const index = Array.isArray(list) ? list.indexOf(declared) : -1;
  if (wanted === undefined || index === -1) return undefined;
  return [{ file: 'manifest.json', content: editJson(text, ['capabilities', index], wanted) }];
}
