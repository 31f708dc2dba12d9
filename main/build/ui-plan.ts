import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../../contract/index.ts';
import { sourceFrame } from '../../contract/index.ts';
import { StageFailure } from './build-run.ts';
import { isFile, isInside, listFiles, relativePath } from './files.ts';
import { pageReferences, placeOfReference, type PageReference } from './html-page.ts';

/** A page of the UI with what it loads. Paths are relative to the project. */
export interface Page {
  readonly file: string;
  readonly html: string;
  /** The file each reference means. */
  readonly references: ReadonlyMap<PageReference, string>;
}

export interface UiPlan {
  /** Folder that becomes `ui/` of the bundle, relative to the project. */
  readonly root: string;
  readonly pages: readonly Page[];
  /** Every file below the root, relative to the project. */
  readonly files: readonly string[];
}

/** Kinds of source that a browser does not take as they are. */
export const SOURCE = /\.(?:[cm]?tsx?|jsx)$/;

/** Files of the root that never belong to the page. */
const NOT_SERVED =
  /(?:^|\/)(?:node_modules|package(?:-lock)?\.json|tsconfig[\w.-]*\.json|vite\.config\.\w+)(?:\/|$)/;

/**
 * What the UI of a project consists of: the folder of its page, all pages in it and what they load.
 *
 * @param entry the page, or the script that a page has to be made for; relative to the project
 * @throws StageFailure when a page names a file that is not there, at its place in the page
 */
export async function planUi(folder: string, entry: string): Promise<UiPlan> {
  if (!/\.html?$/i.test(entry)) return pageless(entry);
  const root = path.posix.dirname(entry);
  const files = root === '.' ? [entry] : await filesOf(folder, root);
  const pages: Page[] = [];
  const problems: Problem[] = [];
  for (const file of files.filter(each => /\.html?$/i.test(each))) {
    const html = await readFile(path.join(folder, file), 'utf8');
    const references = new Map<PageReference, string>();
    for (const reference of pageReferences(html)) {
      const target = await resolveReference(folder, root, file, reference.url);
      if (target !== undefined) references.set(reference, target);
      else problems.push(missingFile(file, html, reference));
    }
    pages.push({ file, html, references });
  }
  if (problems.length > 0) throw new StageFailure(problems);
  return { root, pages, files };
}

/** Names below the root; hidden ones are left out, as the platform never serves them (spec/alga-platform.md 5.3). */
async function filesOf(folder: string, root: string): Promise<string[]> {
  const names = await listFiles(
    path.join(folder, root),
    name => path.posix.basename(name).startsWith('.') || NOT_SERVED.test(name),
  );
  return names.map(name => `${root}/${name}`);
}

/** A script alone gets the smallest page that can show it. */
function pageless(entry: string): UiPlan {
  const src = `./${path.posix.basename(entry)}`;
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
  </head>
  <body>
    <div id="root"></div>
    <script type="module" src="${src}"></script>
  </body>
</html>
`;
  const root = path.posix.dirname(entry);
  const [reference] = pageReferences(html);
  const references = new Map(reference ? [[reference, entry] as const] : []);
  return { root, pages: [{ file: path.posix.join(root, 'index.html'), html, references }], files: [] };
}

/** `/main.ts` means a file of the UI's folder or, as with Vite, of the project. */
async function resolveReference(
  folder: string,
  root: string,
  page: string,
  url: string,
): Promise<string | undefined> {
  const name = safelyDecoded(url);
  const candidates = name.startsWith('/')
    ? [path.posix.join(root, name), path.posix.join('.', name)]
    : [path.posix.join(path.posix.dirname(page), name)];
  for (const candidate of candidates) {
    const full = path.join(folder, candidate);
    if (isInside(relativePath(folder, full)) && (await isFile(full))) return relativePath(folder, full);
  }
  return undefined;
}

function safelyDecoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    // A stray `%`: the address means itself.
    return url;
  }
}

function missingFile(file: string, html: string, reference: PageReference): Problem {
  const place = placeOfReference(html, reference);
  return {
    code: 'build.ui-missing-file',
    severity: 'error',
    message: `The page loads ${reference.url}, and there is no such file.`,
    file,
    ...place,
    frame: sourceFrame(html, place.line, place.column),
    help: 'Mend the address. The platform would answer it with the page itself, which no script can be.',
  };
}
