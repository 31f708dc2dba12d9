import { spawn } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { basename, delimiter, join, resolve, sep } from 'node:path';
import { WorkbenchError } from '../../contract/index.ts';

/** A place in a file; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export interface EditorCommand {
  readonly program: string;
  readonly args: readonly string[];
}

export interface EditorSurroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The full path of a program that can be run, or undefined. */
  readonly find: (program: string) => string | undefined;
}

type ArgumentStyle = (place: Place) => string[];

const goto: ArgumentStyle = place => ['--goto', [place.file, place.line ?? 1, place.column ?? 1].join(':')];
const colon: ArgumentStyle = place => [[place.file, place.line ?? 1, place.column ?? 1].join(':')];
const plus: ArgumentStyle = place => [`+${place.line ?? 1}`, place.file];
const jetbrains: ArgumentStyle = place => [
  '--line',
  String(place.line ?? 1),
  '--column',
  String(Math.max(0, (place.column ?? 1) - 1)),
  place.file,
];

/** Editors with windows of their own, and how each is told a place. A terminal editor would have no terminal. */
const STYLES: Readonly<Record<string, ArgumentStyle>> = {
  code: goto,
  'code-insiders': goto,
  codium: goto,
  cursor: goto,
  windsurf: goto,
  zed: colon,
  subl: colon,
  gedit: plus,
  'gnome-text-editor': plus,
  gvim: plus,
  idea: jetbrains,
  webstorm: jetbrains,
  rustrover: jetbrains,
};

const VS_CODE = ['code', 'codium', 'code-insiders'] as const;

/**
 * The command that opens `place`: VS Code when it is installed, else the editor in `$VISUAL` when it is one with
 * a window, else the system's plain-text editor (never the default program for the file type: on Windows that
 * would run a script instead of showing it). Undefined when there is nothing but the desktop's own choice.
 */
export function editorCommand(place: Place, around: EditorSurroundings): EditorCommand | undefined {
  for (const name of VS_CODE) {
    const program = around.find(name);
    if (program !== undefined) return { program, args: goto(place) };
  }
  return visualCommand(place, around) ?? systemCommand(place, around.platform);
}

function visualCommand(place: Place, around: EditorSurroundings): EditorCommand | undefined {
  const [program, ...options] = (around.env['VISUAL'] ?? '').split(' ').filter(word => word !== '');
  if (program === undefined) return undefined;
  const style = STYLES[basename(program).replace(/\.(exe|cmd)$/i, '')];
  const found = around.find(program);
  return style && found !== undefined ? { program: found, args: [...options, ...style(place)] } : undefined;
}

function systemCommand(place: Place, platform: NodeJS.Platform): EditorCommand | undefined {
  if (platform === 'darwin') return { program: '/usr/bin/open', args: ['-t', place.file] };
  if (platform === 'win32') return { program: 'notepad.exe', args: [place.file] };
  return undefined;
}

/** Looks a program up on the search path; `.cmd` shims of VS Code resolve to the program they start. */
export function findProgram(name: string): string | undefined {
  const folders = name.includes(sep) ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of folders) {
    const candidates =
      process.platform === 'win32'
        ? [join(folder, '..', 'Code.exe'), join(folder, `${name}.exe`)].slice(name === 'code' ? 0 : 1)
        : [join(folder, name)];
    const found = candidates.find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The absolute path of a project's file. Links are followed before the check, so a link out of the folder is
 * refused: `app.outside-project`; a file that is gone: `app.file-missing`.
 */
export function fileInProject(folder: string, file: string): string {
  const root = realpathSync(folder);
  const wanted = resolve(root, file);
  if (!isBelow(root, wanted)) throw new WorkbenchError('app.outside-project', { details: { file } });
  let real: string;
  try {
    real = realpathSync(wanted);
  } catch (cause) {
    throw new WorkbenchError('app.file-missing', { details: { file }, cause });
  }
  if (!isBelow(root, real)) throw new WorkbenchError('app.outside-project', { details: { file } });
  return real;
}

function isBelow(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Starts the editor without a shell and lets it outlive us; `app.editor-failed` when it cannot start. */
export async function startEditor(command: EditorCommand): Promise<void> {
  await new Promise<void>((done, failed) => {
    const child = spawn(command.program, command.args, { detached: true, stdio: 'ignore', shell: false });
    child.once('error', cause => {
      failed(new WorkbenchError('app.editor-failed', { details: { program: command.program }, cause }));
    });
    child.once('spawn', () => {
      child.unref();
      done();
    });
  });
}
