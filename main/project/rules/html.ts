import { posix } from 'node:path';
import { finding, replaceRange, type Finding, type Inspection, type SourceFile } from '../finding.ts';
import { usesVite } from '../read.ts';
import { attributeOf, scanHtml, type HtmlAttribute, type HtmlTag } from '../scan/html.ts';

/** Tags and attributes that make the browser fetch something for the page. */
const LOADS: Readonly<Record<string, readonly string[]>> = {
  script: ['src'],
  link: ['href'],
  img: ['src'],
  source: ['src'],
  audio: ['src'],
  video: ['src', 'poster'],
  iframe: ['src'],
  object: ['data'],
};

/** What a page of the extension may not do under the platform's content security policy and URL (spec 5.3, 5.5). */
export function htmlRules(inspection: Inspection): Finding[] {
  return inspection.sources
    .filter(file => isPage(file.path, inspection))
    .flatMap(source => scanHtml(source.text).flatMap(tag => checkTag(source, tag, inspection)));
}

function isPage(path: string, { project }: Inspection): boolean {
  return path === project.uiEntry || /^(?:src\/)?ui\/.*\.html$/.test(path);
}

function checkTag(source: SourceFile, tag: HtmlTag, inspection: Inspection): Finding[] {
  const loads = (LOADS[tag.name] ?? []).flatMap(name => {
    const attribute = attributeOf(tag, name);
    return attribute === undefined || attribute.value.trim() === '' ? [] : [attribute];
  });
  return [
    ...inlineScript(source, tag, inspection),
    ...inlineHandlers(source, tag),
    ...loads.flatMap(attribute => checkUrl(source, attribute, inspection)),
  ];
}

function inlineScript(source: SourceFile, tag: HtmlTag, inspection: Inspection): Finding[] {
  const { content } = tag;
  if (tag.name !== 'script' || content === undefined || attributeOf(tag, 'src') !== undefined) return [];
  const body = source.text.slice(content.start, content.end);
  const type = attributeOf(tag, 'type')?.value.toLowerCase() ?? '';
  const runs = ['', 'module', 'text/javascript', 'application/javascript', 'importmap'].includes(type);
  if (!runs || body.trim() === '') return [];
  const report = {
    code: 'ui.inline-script',
    severity: 'warning' as const,
    message: 'The platform blocks inline scripts (content security policy): this one never runs.',
    source,
    offset: tag.start,
    help: 'Move it to a file and load it with `src`.',
  };
  if (type === 'importmap') return [finding(report)];
  const name = freeName(source.path, inspection.paths);
  return [
    finding({
      ...report,
      fix: {
        title: `Move it to ${name}`,
        edits: () =>
          Promise.resolve([
            { file: name, content: `${body.replace(/^\s*\n/, '').trimEnd()}\n` },
            replaceRange(source, tag.end - 1, content.end, ` src="./${posix.basename(name)}">`),
          ]),
      },
    }),
  ];
}

/** A script name beside the page that no file has yet. */
function freeName(page: string, paths: readonly string[]): string {
  const base = page.replace(/\.html$/, '');
  for (let number = 1; ; number += 1) {
    const name = `${base}-inline${number === 1 ? '' : `-${number}`}.js`;
    if (!paths.includes(name)) return name;
  }
}

function inlineHandlers(source: SourceFile, tag: HtmlTag): Finding[] {
  return tag.attributes
    .filter(({ name, value }) => /^on[a-z]+$/.test(name) || /^\s*javascript:/i.test(value))
    .map(({ name, start }) =>
      finding({
        code: 'ui.inline-handler',
        severity: 'warning',
        message: `The platform blocks code in attributes (content security policy): \`${name}\` does nothing.`,
        source,
        offset: start,
        help: 'Add the listener in a script file with addEventListener.',
      }),
    );
}

function checkUrl(source: SourceFile, attribute: HtmlAttribute, inspection: Inspection): Finding[] {
  const url = attribute.value.trim();
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url))
    return url.startsWith('data:') ? [] : [remote(source, attribute)];
  const vite = usesVite(inspection.project.packageJson);
  if (url.startsWith('/')) return vite ? [] : [absolute(source, attribute, url)];
  const built = inspection.project.shape.buildScript !== undefined || vite;
  return built || isThere(source, url, inspection.paths) ? [] : [missing(source, attribute, url)];
}

function remote(source: SourceFile, attribute: HtmlAttribute): Finding {
  return finding({
    code: 'ui.remote-resource',
    severity: 'warning',
    message: 'The platform lets a page load nothing from other origins (content security policy).',
    source,
    offset: attribute.valueStart,
    help: 'Put a copy into the ui folder and refer to that.',
  });
}

function absolute(source: SourceFile, attribute: HtmlAttribute, url: string): Finding {
  // Below the page's folder, which becomes the top of the UI.
  const relative = `./${url.replace(/^\/+/, '')}`;
  return finding({
    code: 'ui.absolute-path',
    severity: 'warning',
    message: `\`${url}\` leaves the folder of this version: the page stands below /ext-ui/<id>/<hash>/, not at the root.`,
    source,
    offset: attribute.valueStart,
    help: 'Refer to files of the extension by relative paths.',
    fix: {
      title: `Write "${relative}"`,
      edits: () =>
        Promise.resolve([replaceRange(source, attribute.valueStart, attribute.valueEnd, relative)]),
    },
  });
}

function missing(source: SourceFile, attribute: HtmlAttribute, url: string): Finding {
  return finding({
    code: 'ui.missing-file',
    severity: 'warning',
    message: `There is no file ${url}. The platform answers with the page itself (status 200), which the browser then refuses.`,
    source,
    offset: attribute.valueStart,
    help: 'Add the file or mend the path.',
  });
}

/** A page may name the built script of a TypeScript source beside it. */
function isThere(source: SourceFile, url: string, paths: readonly string[]): boolean {
  const [file = ''] = url.split(/[?#]/);
  const path = posix.join(posix.dirname(source.path), file);
  const base = path.replace(/\.js$/, '');
  return [path, ...['ts', 'tsx', 'jsx'].map(type => `${base}.${type}`)].some(candidate =>
    paths.includes(candidate),
  );
}
