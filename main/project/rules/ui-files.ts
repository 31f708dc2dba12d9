import { posix } from 'node:path';
import { finding, type Finding, type Inspection } from '../finding.ts';
import { maskSource } from '../scan/source.ts';

/** Types that the UI host serves; any other is answered with 400 (spec 5.3). */
const SERVED = ['html', 'js', 'css', 'json', 'map', 'svg', 'png', 'jpg', 'jpeg', 'webp', 'woff', 'woff2'];

/** Types that a build turns into others, or that nobody means to serve. */
const SOURCES = ['ts', 'tsx', 'jsx', 'mts', 'cts', 'scss', 'sass', 'less', 'vue', 'svelte', 'md'];

/** Files below the page's folder that the platform will not serve, and style sheets that point elsewhere. */
export function uiFileRules({ project, paths, sources }: Inspection): Finding[] {
  const { uiEntry } = project;
  const folder = uiEntry?.includes('/') === true ? posix.dirname(uiEntry) : 'ui';
  const refused = paths.filter(path => path.startsWith(`${folder}/`) && !isServed(path));
  return [
    ...refused.map(path =>
      finding({
        code: 'ui.refused-file-type',
        severity: 'warning',
        message: `The platform serves no ${posix.extname(path) || 'such'} files: every request for it is answered with 400.`,
        file: path,
        help: `Use one of ${SERVED.join(', ')}.`,
      }),
    ),
    ...sources
      .filter(file => file.path.endsWith('.css'))
      .flatMap(source => {
        const { noComments } = maskSource(source.text);
        return [...noComments.matchAll(/(?:url\(\s*|@import\s+)(['"]?)((?:[a-z]+:)?\/[^'")\s]*)/gi)].map(
          match =>
            finding({
              code:
                match[2]?.startsWith('/') === true && !match[2].startsWith('//')
                  ? 'ui.absolute-path'
                  : 'ui.remote-resource',
              severity: 'warning',
              message: 'A style sheet may refer to files of this extension only, and only by relative paths.',
              source,
              offset: match.index + match[0].length - (match[2]?.length ?? 0),
              help: 'Put a copy into the ui folder and write a relative path.',
            }),
        );
      }),
  ];
}

function isServed(path: string): boolean {
  const type = posix.extname(path).slice(1).toLowerCase();
  // A name without a dot is served; a trailing dot is not.
  if (!posix.basename(path).includes('.')) return true;
  return SERVED.includes(type) || SOURCES.includes(type);
}
