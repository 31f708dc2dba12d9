import { placeAt, sourceFrame, type Problem } from '../../contract/index.ts';
import type { Project } from './read.ts';

/** Files of the workbench that fixes put into projects. */
export interface FixResources {
  /** The workbench's own component world, absolute. */
  readonly witFile?: string;
  /** Folder of the templates, absolute; `_shared` in it holds the adapter to the component world. */
  readonly templatesDir?: string;
}

/** The new content of one file, path relative to the project with forward slashes. */
export interface FileEdit {
  readonly file: string;
  readonly content: string;
}

export type MakeEdits = (resources: FixResources) => Promise<readonly FileEdit[]>;

/** A problem, and how its fix is made if it has one. */
export interface Finding {
  readonly problem: Problem;
  readonly edits?: MakeEdits;
}

/** A text file of the project. */
export interface SourceFile {
  /** Relative, forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** What the rules look at: the project and its sources at one moment. */
export interface Inspection {
  readonly project: Project;
  /** Every file below `src` and `ui`, relative. */
  readonly paths: readonly string[];
  /** Those of them, and of the project's top, that are text a rule may want. */
  readonly sources: readonly SourceFile[];
}

interface Report {
  readonly code: string;
  readonly severity: Problem['severity'];
  readonly message: string;
  readonly help: string;
  /** Where; without an offset the problem is the file's as a whole. */
  readonly source?: SourceFile;
  readonly offset?: number;
  /** When there is no text to show: the file's path. */
  readonly file?: string;
  readonly fix?: { readonly id?: string; readonly title: string; readonly edits: MakeEdits };
}

/** Makes a finding with place and frame; a fix's id is the code unless the report says otherwise. */
export function finding(report: Report): Finding {
  const { source, offset, fix } = report;
  const file = source?.path ?? report.file;
  const place = source !== undefined && offset !== undefined ? placeAt(source.text, offset) : undefined;
  return {
    problem: {
      code: report.code,
      severity: report.severity,
      message: report.message,
      help: report.help,
      ...(file !== undefined && { file }),
      ...place,
      ...(source !== undefined &&
        place !== undefined && { frame: sourceFrame(source.text, place.line, place.column) }),
      ...(fix && { fix: { id: fix.id ?? report.code, title: fix.title } }),
    },
    ...(fix && { edits: fix.edits }),
  };
}

/** An edit of one range of a source. */
export function replaceRange(source: SourceFile, start: number, end: number, text: string): FileEdit {
  return { file: source.path, content: source.text.slice(0, start) + text + source.text.slice(end) };
}
