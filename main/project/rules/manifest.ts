import { userInfo } from 'node:os';
import { finding, type Finding, type Inspection, type SourceFile } from '../finding.ts';
import { editJson, isRecord, offsetOf, parseRecord } from '../json.ts';

const MANIFEST = 'manifest.json';

/** The publisher that the official templates write (spec 11.3). */
const PLACEHOLDER_PUBLISHER = 'Your Org';

/** An endpoint that a handler answers whatever it is, since it dispatches on the request itself (spec 2.6). */
const FIRST_ENDPOINT = { method: 'GET', path: '/', handler: 'handler' };

/** Where the manifest and the folder do not fit together (spec 2.6, 5.1, 11.3). The manifest's own rules are not here. */
export function manifestRules({ project, sources }: Inspection): Finding[] {
  const source = sources.find(file => file.path === MANIFEST);
  if (source === undefined) return [missing()];
  const manifest = parseRecord(source.text);
  if (manifest === undefined) return [];
  const api = manifest['api'];
  const rows = isRecord(api) ? api['endpoints'] : [];
  const callable = Array.isArray(rows) && rows.length > 0;
  const showsUi = isRecord(manifest['ui']);
  const { shape } = project;
  const built = shape.buildScript !== undefined;
  return [
    ...(Array.isArray(rows) && !callable && shape.hasHandler
      ? [noEndpoints(source, showsUi || shape.hasUi)]
      : []),
    ...(callable && !shape.hasHandler && !built ? [missingHandler(source)] : []),
    ...(showsUi && !shape.hasUi && !built ? [missingUi(source)] : []),
    ...(!showsUi && shape.hasUi && project.uiEntry !== undefined ? [undeclaredUi(source)] : []),
    ...(manifest['publisher'] === PLACEHOLDER_PUBLISHER
      ? [placeholderPublisher(source, project.packageJson)]
      : []),
  ];
}

function missing(): Finding {
  return finding({
    code: 'project.no-manifest',
    severity: 'error',
    message: 'There is no manifest.json in the folder.',
    file: MANIFEST,
    help: 'Write one, or open the folder that holds it.',
  });
}

function noEndpoints(source: SourceFile, hasUi: boolean): Finding {
  const base = {
    code: 'project.no-endpoints',
    message: 'There is a handler, but no endpoint: every call to it is answered with 404 endpoint_not_found.',
    source,
    offset: offsetOf(source.text, ['api', 'endpoints']),
    help: 'Declare each method and path the handler answers in `api.endpoints`. The documents call the list advisory; the platform enforces it.',
    fix: {
      title: 'Declare GET /',
      edits: () =>
        Promise.resolve([
          { file: source.path, content: editJson(source.text, ['api', 'endpoints'], [FIRST_ENDPOINT]) },
        ]),
    },
  };
  // With a page the extension still does something.
  return finding({ ...base, severity: hasUi ? 'warning' : 'error' });
}

function missingHandler(source: SourceFile): Finding {
  return finding({
    code: 'project.missing-handler',
    severity: 'error',
    message: 'The manifest declares endpoints, but there is no handler.',
    source,
    offset: offsetOf(source.text, ['api', 'endpoints'], 'key'),
    help: 'Export a function `handler` from src/handler.ts, or give package.json a build script that makes dist/main.wasm.',
  });
}

function missingUi(source: SourceFile): Finding {
  return finding({
    code: 'project.missing-ui',
    severity: 'error',
    message: 'The manifest declares a user interface, but there is no ui/index.html.',
    source,
    offset: offsetOf(source.text, ['ui'], 'key'),
    help: 'Add ui/index.html, or remove `ui` from the manifest.',
  });
}

function undeclaredUi(source: SourceFile): Finding {
  return finding({
    code: 'project.undeclared-ui',
    severity: 'warning',
    message: 'There is a user interface, but the manifest has no `ui`: no menu of the platform leads to it.',
    source,
    offset: 0,
    help: 'Add "ui": {"type": "iframe", "entry": "ui/index.html", "hooks": {"appMenu": {"label": "…"}}}.',
  });
}

function placeholderPublisher(source: SourceFile, packageJson: Record<string, unknown> | undefined): Finding {
  const publisher = likelyPublisher(packageJson);
  return finding({
    code: 'project.placeholder-publisher',
    severity: 'warning',
    message: `The publisher is still the template's "${PLACEHOLDER_PUBLISHER}". It is half of the extension's key in the registry.`,
    source,
    offset: offsetOf(source.text, ['publisher']),
    help: 'Write the name of your organisation.',
    fix: {
      title: `Write "${publisher}"`,
      edits: () =>
        Promise.resolve([{ file: source.path, content: editJson(source.text, ['publisher'], publisher) }]),
    },
  });
}

function likelyPublisher(packageJson: Record<string, unknown> | undefined): string {
  const author = packageJson?.['author'];
  const name = isRecord(author) ? author['name'] : author;
  if (typeof name === 'string') {
    const bare = name.replace(/[<(].*$/, '').trim();
    if (bare !== '' && bare !== PLACEHOLDER_PUBLISHER) return bare;
  }
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the system's list, as containers have.
    return 'local';
  }
}
