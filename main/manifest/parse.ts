import { sourceFrame, type Manifest, type Problem } from '../../contract/index.ts';
import { MANIFEST_FILE, toProblem, type Issue } from './issues.ts';
import { parseJson } from './json.ts';
import { normalizeManifest } from './normalize.ts';
import { validateManifest } from './validate.ts';

/**
 * Reads a manifest as finalize does, the definition that publishing obeys (spec 2.1 to 2.4, 2.6): all issues are
 * collected, unknown top-level fields are refused, what is stored is normalised.
 *
 * @param text content of manifest.json
 * @returns the normalised manifest when no rule is broken, else every broken rule as an error problem
 *   `manifest.<rule>` of file `manifest.json` with line, column and help. Lints are not among them: see `lintManifest`.
 */
export function parseManifest(text: string): { manifest?: Manifest; problems: Problem[] } {
  const parsed = parseJson(text);
  if (!parsed.ok) return { problems: [syntaxProblem(text, parsed)] };
  const issues: Issue[] = validateManifest(parsed.document.value);
  if (issues.length > 0) {
    return { problems: issues.map(issue => toProblem(text, parsed.document, issue)) };
  }
  return { manifest: normalizeManifest(parsed.document.value), problems: [] };
}

function syntaxProblem(
  text: string,
  failure: { message: string; place: { line: number; column: number } },
): Problem {
  return {
    code: 'manifest.syntax',
    severity: 'error',
    message: `manifest.json is not valid JSON: ${failure.message}.`,
    file: MANIFEST_FILE,
    ...failure.place,
    help: 'Mend the syntax; comments and trailing commas are not allowed.',
    frame: sourceFrame(text, failure.place.line, failure.place.column),
  };
}
