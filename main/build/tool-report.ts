import path from 'node:path';
import { sourceFrame, type Problem } from '../../contract/index.ts';
import { isInside, readIfThere, relativePath } from './files.ts';

/** What the output of a project's own tool tells of its failure. */
export type ToolReport = Pick<Problem, 'file' | 'line' | 'column' | 'frame'> & {
  /** The line that most likely says why. */
  readonly reason: string;
  /** The end of the output in one line. */
  readonly last: string;
};

const PLACE =
  /(?:^|[\s([])((?:[A-Za-z]:)?[\w@./\\-]*?[\w-]\.(?:[cm]?[jt]sx?|css|html|vue|svelte|wit)):(\d+):(\d+)/gm;

/** Lines that announce, frame or trace an error, but do not say it. */
const NOT_A_REASON = /^(?:npm |> |\s*at |Build failed|✗)|:$|^\W*$/;

/** Reads a failed tool's output; a place counts when it is a file of the project. */
export async function toolReport(folder: string, output: string): Promise<ToolReport> {
  const lines = output.split('\n').map(line => line.trimEnd());
  const announced = lines.findIndex(line => /error/i.test(line));
  const telling = lines.filter(line => !NOT_A_REASON.test(line));
  const reason =
    lines.slice(Math.max(announced, 0)).find(line => !NOT_A_REASON.test(line)) ??
    telling.at(-1) ??
    'it said nothing.';
  return { reason: reason.trim(), last: telling.slice(-3).join(' / '), ...(await placeIn(folder, output)) };
}

async function placeIn(folder: string, output: string): Promise<Partial<ToolReport>> {
  // Without the folder, which may have spaces, what is left reads as a path of the project.
  const inside = output.replaceAll(`file://${folder}/`, '').replaceAll(folder + path.sep, '');
  for (const [, name = '', lineText, columnText] of inside.matchAll(PLACE)) {
    const file = relativePath(folder, path.resolve(folder, name));
    const text =
      isInside(file) && !file.includes('node_modules/')
        ? await readIfThere(path.join(folder, file))
        : undefined;
    if (text === undefined) continue;
    const line = Math.max(1, Number(lineText));
    const column = Math.max(1, Number(columnText));
    return { file, line, column, frame: sourceFrame(text, line, column) };
  }
  return {};
}
