import type { Message } from 'esbuild';
import { sourceFrame, type Problem, type Severity } from '../../contract/index.ts';
import { isInside, readIfThere, relativePath } from './files.ts';
import path from 'node:path';

const NODE_BUILTIN =
  /^Could not resolve "(?:node:)?(?:fs|path|os|crypto|http|https|net|child_process|stream|util|url|buffer|events|zlib|process|worker_threads)(?:\/[\w/]+)?"/;
const UNRESOLVED = /^Could not resolve "([^"]+)"/;

/**
 * esbuild's messages as problems at their place in the author's source. A message of a plugin of ours carries its
 * code as `detail`.
 *
 * @param folder the project, to which the messages' files are relative
 */
export async function esbuildProblems(
  folder: string,
  messages: readonly Message[],
  severity: Severity,
): Promise<Problem[]> {
  return await Promise.all(messages.map(message => toProblem(folder, message, severity)));
}

/** esbuild's own failure, which carries its messages. */
export function esbuildErrors(error: unknown): Message[] | undefined {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) return undefined;
  return error.errors as Message[];
}

async function toProblem(folder: string, message: Message, severity: Severity): Promise<Problem> {
  const help = helpFor(message);
  return {
    code: codeOf(message, severity),
    severity,
    message: sentence(message.text),
    ...(await placeOf(folder, message)),
    ...(help !== undefined && { help }),
  };
}

async function placeOf(folder: string, { location }: Message): Promise<Partial<Problem>> {
  if (!location) return {};
  const file = relativePath(folder, path.resolve(folder, location.file));
  if (!isInside(file)) return {};
  // esbuild counts columns in bytes from 0, editors in UTF-16 units from 1.
  const column = Buffer.from(location.lineText).subarray(0, location.column).toString().length + 1;
  const text = (await readIfThere(path.join(folder, file))) ?? location.lineText;
  return { file, line: location.line, column, frame: sourceFrame(text, location.line, column) };
}

function codeOf(message: Message, severity: Severity): string {
  if (message.pluginName !== '' && typeof message.detail === 'string') return message.detail;
  if (UNRESOLVED.test(message.text)) return 'build.unresolved-import';
  return severity === 'error' ? 'build.source-error' : 'build.source-warning';
}

function helpFor(message: Message): string | undefined {
  const notes = message.notes.map(note => note.text).join(' ');
  if (message.pluginName !== '') return notes === '' ? undefined : notes;
  if (NODE_BUILTIN.test(message.text)) {
    return 'An extension does not run in Node: use what the web platform or alga:extension/* offers.';
  }
  const missing = UNRESOLVED.exec(message.text)?.[1];
  if (missing === undefined) return notes === '' ? undefined : notes;
  if (missing.startsWith('.')) return 'Check the path: there is no such file.';
  return `Add ${packageOf(missing)} to "dependencies" in package.json, or run npm install.`;
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
