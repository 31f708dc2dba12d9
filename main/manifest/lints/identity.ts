import type { Manifest } from '../../../contract/index.ts';
import type { Issue } from '../issues.ts';
import { isWildcardVersion } from '../field-rules.ts';

/** Name, publisher, version, runtime: accepted, but publishing or the official tools stumble (spec 2.2, 2.7). */
export function lintIdentity(manifest: Manifest): Issue[] {
  const issues: Issue[] = [];
  if (manifest.publisher === undefined) {
    issues.push({
      rule: 'missing-publisher',
      path: [],
      message: 'There is no `publisher`; the first publish ends in a database error of the platform (500).',
      help: 'Add "publisher" with the name of your organisation.',
    });
  }
  if (isWildcardVersion(manifest.version)) {
    issues.push({
      rule: 'wildcard-version',
      path: ['version'],
      message: `The official command line cannot install the version ${manifest.version}.`,
      help: 'The platform stores the next free patch number, but the command line installs the text as written. Write the exact version before you publish with it.',
    });
  }
  if (manifest.runtime !== 'wasm-js@1') {
    issues.push({
      rule: 'unusual-runtime',
      path: ['runtime'],
      message: `The platform's documents know one runtime, wasm-js@1, not ${manifest.runtime}.`,
      help: 'It is accepted and stored, but read by nobody. Write "wasm-js@1".',
    });
  }
  return issues;
}
