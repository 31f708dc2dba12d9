import type { Manifest, Problem } from '../../contract/index.ts';
import { toProblem, type Issue } from './issues.ts';
import { parseJson, type JsonDocument } from './json.ts';
import { lintCapabilities } from './lints/capabilities.ts';
import { lintEndpoints } from './lints/endpoints.ts';
import { lintFields } from './lints/fields.ts';
import { lintIdentity } from './lints/identity.ts';
import { lintUi } from './lints/ui.ts';

/**
 * What finalize accepts but will hurt later (spec 2.2 to 2.7, 13, 13.1): names that vanish, rows that never match,
 * fields nobody reads.
 *
 * @param text content of manifest.json
 * @param manifest what `parseManifest` made of that text
 * @returns warnings and notes `manifest.<id>` with place, reason and help, in the order of the text; never errors
 */
export function lintManifest(text: string, manifest: Manifest): Problem[] {
  const parsed = parseJson(text);
  if (!parsed.ok) return [];
  const { document } = parsed;
  const issues: Issue[] = [
    ...lintIdentity(manifest),
    ...lintCapabilities(manifest),
    ...lintUi(document.value, manifest),
    ...lintEndpoints(document.value, manifest),
    ...lintFields(document.value),
  ];
  return [
    ...issues.map(issue => toProblem(text, document, asLint(issue))),
    ...lintDuplicateKeys(text, document),
  ].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function asLint(issue: Issue): Issue {
  return { ...issue, severity: issue.severity ?? 'warning' };
}

function lintDuplicateKeys(text: string, document: JsonDocument): Problem[] {
  return document.duplicateKeys.map(({ key, place }) => ({
    ...toProblem(text, document, {
      rule: 'duplicate-key',
      severity: 'warning',
      path: [],
      message: `\`${key}\` is given twice in one object; only this last one counts.`,
      help: 'Keep one of them.',
    }),
    ...place,
  }));
}
