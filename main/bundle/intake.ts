import { WorkbenchError, type Problem } from '../../contract/index.ts';
import { judgePath } from './entry-path.ts';
import type { IntakeLimits } from './limits.ts';
import type { TarMember } from './tar-reader.ts';

const MAX_WARNINGS = 50;

/** Where an accepted entry goes. */
export interface Placement {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  /** Path below the extraction folder, platform layout: `ui/…` beside `bundle/…` (spec 1.6). */
  readonly target: string;
}

/** Judges the entries of one archive in their order, and keeps what there is to say about them. */
export class Intake {
  readonly #limits: IntakeLimits;
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #folded = new Map<string, string>();
  readonly #warnings: Problem[] = [];
  #unsaid = 0;
  #entries = 0;

  constructor(limits: IntakeLimits) {
    this.#limits = limits;
  }

  get warnings(): Problem[] {
    if (this.#unsaid === 0) return this.#warnings;
    return [
      ...this.#warnings,
      warning('bundle.more-warnings', `There are ${this.#unsaid} more remarks on this bundle.`),
    ];
  }

  /**
   * @returns where the entry goes, or undefined for one that the platform passes over, which leaves a warning
   * @throws WorkbenchError `bundle.bad-entry`, `bundle.duplicate-entry`, `bundle.too-large`
   */
  admit(member: TarMember): Placement | undefined {
    this.#entries += 1;
    if (this.#entries > this.#limits.maxEntries) throw tooLarge('entries', this.#limits.maxEntries);
    if (member.size > this.#limits.maxEntryBytes)
      throw tooLarge('bytes in one entry', this.#limits.maxEntryBytes);
    const verdict = judgePath(member.path, this.#limits.maxPathBytes);
    if (verdict.kind === 'refuse') throw badEntry(member.path, verdict.reason);
    if (member.kind === 'other')
      throw badEntry(member.path, `it is a link or a special file (${member.kindName})`);
    if (verdict.kind === 'skip') {
      // The root folder itself stands in every archive that tar makes of `.`.
      if (member.kind === 'file' || !/^(?:\.\/?)+$/.test(member.path)) {
        this.#warn(
          'bundle.entry-skipped',
          `The platform passes over ${printable(member.path)}: ${verdict.reason}.`,
          member.path,
        );
      }
      return undefined;
    }
    this.#claim(verdict.path, verdict.segments, member.kind);
    const target =
      verdict.segments[0] === 'ui' && verdict.segments.length > 1 ? verdict.path : `bundle/${verdict.path}`;
    return { path: verdict.path, kind: member.kind, target };
  }

  /** Adds a remark on the bundle as a whole. */
  remark(code: string, message: string, file?: string): void {
    this.#warn(code, message, file);
  }

  #claim(path: string, segments: readonly string[], kind: 'file' | 'directory'): void {
    if (kind === 'file' && this.#files.has(path)) {
      throw new WorkbenchError('bundle.duplicate-entry', { details: { path } });
    }
    for (let depth = 1; depth < segments.length; depth += 1)
      this.#claimFolder(segments.slice(0, depth).join('/'));
    if (kind === 'directory') this.#claimFolder(path);
    else if (this.#folders.has(path)) throw badEntry(path, 'it is a file and a folder at once');
    else this.#files.add(path);
    this.#compareCase(path);
  }

  #claimFolder(path: string): void {
    if (this.#files.has(path)) throw badEntry(path, 'it is a file and a folder at once');
    this.#folders.add(path);
  }

  #compareCase(path: string): void {
    const folded = path.normalize('NFC').toLowerCase();
    const earlier = this.#folded.get(folded);
    if (earlier === undefined) this.#folded.set(folded, path);
    else if (earlier !== path) {
      this.#warn(
        'bundle.case-collision',
        `${path} and ${earlier} are one file on systems that ignore case.`,
        path,
      );
    }
  }

  #warn(code: string, message: string, file?: string): void {
    if (this.#warnings.length >= MAX_WARNINGS) this.#unsaid += 1;
    else this.#warnings.push(warning(code, message, file));
  }
}

function warning(code: string, message: string, file?: string): Problem {
  return { code, severity: 'warning', message, ...(file !== undefined && { file: printable(file) }) };
}

function printable(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path;
}

function badEntry(path: string, reason: string): WorkbenchError {
  return new WorkbenchError('bundle.bad-entry', {
    message: `The entry ${JSON.stringify(printable(path))} of the bundle is refused: ${reason}.`,
    details: { path: printable(path), reason },
  });
}

/** The error for a bundle that goes over one of its limits. */
export function tooLarge(what: string, limit: number): WorkbenchError {
  return new WorkbenchError('bundle.too-large', {
    message: `The bundle holds more ${what} than the ${limit} that are accepted.`,
    details: { what, limit },
  });
}
