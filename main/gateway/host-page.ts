import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { WorkbenchError } from '../../contract/index.ts';
import { policyText } from '../hosting/index.ts';

const ASSETS_URL = '/_xwb/page/assets/';
/** Names that the bundler gives; nothing with a slash, nothing hidden. */
const ASSET_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
/** A bundler's relative reference to one of its assets, in the page's own HTML. */
const RELATIVE_ASSET = /\b(src|href)="(?:\.{1,2}\/)+assets\//g;
const ASSET_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The built host page (`renderer/host`) on disk. */
export class HostPage {
  readonly #dir: string;

  /** @param dir folder of the built renderer: the page is `host/index.html` in it, its files are in `assets` */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * The page's HTML, its relative assets pointed at `/_xwb/page/assets/` because it is served under other
   * addresses than it was built for. Throws `gateway.page-missing` when it is not built.
   */
  async html(): Promise<string> {
    const html = await readIfThere(join(this.#dir, 'host', 'index.html'));
    if (html === undefined) throw new WorkbenchError('gateway.page-missing');
    return html.toString('utf8').replaceAll(RELATIVE_ASSET, `$1="${ASSETS_URL}`);
  }

  /** An asset and its media type; undefined when there is none of that name. */
  async asset(name: string): Promise<{ body: Buffer; type: string } | undefined> {
    const type = ASSET_TYPES[extname(name)];
    if (type === undefined || !ASSET_NAME.test(name)) return undefined;
    const body = await readIfThere(join(this.#dir, 'assets', name));
    return body && { body, type };
  }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Content security policy of the host page: only its own built files run, only its own gateway is called, and
 * only extensions' own origins are framed.
 *
 * @param origin the origin under which the page is opened
 * @param ancestors origins that may frame the page: the workbench window
 */
export function hostPagePolicy(origin: string, port: number, ancestors: readonly string[]): string {
  const ownFiles = `${origin}${ASSETS_URL}`;
  return policyText({
    'default-src': "'none'",
    'script-src': ownFiles,
    'style-src': ownFiles,
    'font-src': ownFiles,
    'img-src': `${ownFiles} data:`,
    'connect-src': "'self'",
    'frame-src': `http://*.localhost:${port}`,
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': ancestors.length === 0 ? "'none'" : ancestors.join(' '),
  });
}
