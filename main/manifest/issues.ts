import { sourceFrame, type Problem } from '../../contract/index.ts';
import type { JsonDocument, JsonPath } from './json.ts';

export const MANIFEST_FILE = 'manifest.json';

export interface Issue {
  /** Rule id without its `manifest.` prefix. */
  readonly rule: string;
  readonly path: JsonPath;
  readonly message: string;
  readonly help: string;
  /** Point at the property's name instead of its value. */
  readonly at?: 'key';
  readonly severity?: Problem['severity'];
  readonly fix?: Problem['fix'];
}

/** A JSON path as finalize writes it: `api.endpoints[0].path`, the root is `$` (spec 2.3). */
export function formatPath(path: JsonPath): string {
  let out = '';
  for (const segment of path) {
    if (typeof segment === 'number') out += `[${segment}]`;
    else out += out === '' ? segment : `.${segment}`;
  }
  return out === '' ? '$' : out;
}

/** An issue as a problem of manifest.json, with its place and a source frame. */
export function toProblem(text: string, document: JsonDocument, issue: Issue): Problem {
  const place = document.placeOf(issue.path, issue.at ?? 'value');
  return {
    code: `manifest.${issue.rule}`,
    severity: issue.severity ?? 'error',
    message: issue.message,
    file: MANIFEST_FILE,
    ...place,
    help: issue.help,
    frame: sourceFrame(text, place.line, place.column),
    ...(issue.fix && { fix: issue.fix }),
  };
}
