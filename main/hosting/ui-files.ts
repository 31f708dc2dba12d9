import { stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { Etags, matchesEtag } from './etags.ts';
import { readUiPath, uiMediaType } from './ui-path.ts';

/** What to send: headers with either a text or a file. */
export interface UiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly file?: string;
}

/** One file asked for of an unpacked UI tree. */
export interface UiFileRequest {
  /** Folder of the tree; absent where the bundle has none. */
  readonly uiDir: string | undefined;
  /** The still encoded part of the URL behind the content hash. */
  readonly encodedPath: string;
  readonly ifNoneMatch?: string | undefined;
  /** Larger files are refused with 413; absent is no limit, as on the platform (spec 1.7). */
  readonly maxFileBytes?: number | undefined;
  /** Content security policy by media type; none is sent where it is undefined. */
  readonly policyOf: (mediaType: string) => string | undefined;
  /** Sent with every file. */
  readonly moreHeaders?: Readonly<Record<string, string>>;
}

/** On every answer, refusals and redirects included (spec 4.1, 5.4). */
export const IMMUTABLE = { 'cache-control': 'public, max-age=31536000, immutable' } as const;

/** Answers for files of unpacked UI trees: steps 5 to 8 of spec 5.2 and the headers of 5.4. */
export class UiFiles {
  readonly #etags = new Etags();

  /** Rejects only when a file that is there cannot be read. */
  async answer(request: UiFileRequest): Promise<UiAnswer> {
    const { uiDir, encodedPath, maxFileBytes = Infinity } = request;
    const uiPath = readUiPath(encodedPath);
    if (uiPath === undefined) return uiText(400, 'invalid path');
    const found = uiDir === undefined ? undefined : await findFile(uiDir, uiPath);
    if (found === undefined) return uiText(404, 'not found');
    if (found.bytes > maxFileBytes) return uiText(413, 'asset too large');
    return this.#file(found, request);
  }

  async #file({ file, bytes }: FoundFile, request: UiFileRequest): Promise<UiAnswer> {
    const etag = await this.#etags.of(file);
    const type = uiMediaType(file);
    const policy = request.policyOf(type);
    const headers = {
      ...IMMUTABLE,
      etag,
      ...(policy !== undefined && { 'content-security-policy': policy }),
      ...request.moreHeaders,
    };
    if (matchesEtag(request.ifNoneMatch, etag)) return { status: 304, headers, text: '' };
    return {
      status: 200,
      headers: {
        ...headers,
        'content-type': type,
        'content-length': String(bytes),
        'x-content-type-options': 'nosniff',
      },
      file,
    };
  }
}

/** An answer of one line, with the cache header of all. */
export function uiText(status: number, body: string): UiAnswer {
  return { status, headers: { ...IMMUTABLE, 'content-type': 'text/plain; charset=utf-8' }, text: body };
}

interface FoundFile {
  readonly file: string;
  readonly bytes: number;
}

/** The file of a path, or `index.html` for the root, a directory and a missing file (spec 5.2 step 6). */
async function findFile(uiDir: string, uiPath: string): Promise<FoundFile | undefined> {
  return (uiPath === '' ? undefined : await statFile(uiDir, uiPath)) ?? (await statFile(uiDir, 'index.html'));
}

async function statFile(uiDir: string, uiPath: string): Promise<FoundFile | undefined> {
  const root = resolve(uiDir);
  const file = join(root, ...uiPath.split('/'));
  if (!file.startsWith(root + sep)) return undefined;
  const found = await stat(file).catch(ignoreMissing);
  return found?.isFile() === true ? { file, bytes: found.size } : undefined;
}

/** Codes of "there is no such file": missing, a file where a folder is expected, a name too long for the disk. */
const MISSING: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && MISSING.has(error.code)) return undefined;
  throw error;
}
