import type { Problem } from '../../contract/index.ts';
import { GUARD_LINES, GUARD_MARK } from './componentize-protocol.ts';
import { authorPlace, type BundlePlace } from './source-places.ts';

/** What is known of a handler that did not become a component. */
export interface FailedComponent {
  readonly folder: string;
  /** The author's file that exports the handler, relative to the folder. */
  readonly entry: string;
  /** The bundle's source map. */
  readonly map: string;
  /** The project's own WIT file, when it has one. */
  readonly witFile?: string;
  /** The tool's words, and those of the guarded second try. */
  readonly message: string;
  readonly guarded?: string;
}

type Verdict = Pick<Problem, 'code' | 'message' | 'help'>;

const TOP_LEVEL = 'Exception while evaluating top-level script';
const FROZEN =
  'Code outside functions runs once, at build time, and its state is what every request starts from.';

/** Why the tool refused a handler, in the author's terms and at the author's place (spec/alga-platform.md 3.6). */
export async function componentProblem(failed: FailedComponent): Promise<Problem> {
  const guard = guardedCall(failed.guarded);
  if (guard) return await located(failed, guard.verdict, guard.places);
  const { message } = failed;
  const thrown = message.indexOf(TOP_LEVEL);
  if (thrown !== -1) {
    const told = message.slice(thrown + TOP_LEVEL.length).trim();
    return await located(failed, topLevelVerdict(told), placesIn(told, 0));
  }
  if (message.includes('does not export a')) return { ...atEntry(failed), ...missingExport(failed.entry) };
  return witProblem(failed) ?? { ...atEntry(failed), ...unknownVerdict(message) };
}

async function located(
  { folder, entry, map }: FailedComponent,
  verdict: Verdict,
  places: readonly BundlePlace[],
): Promise<Problem> {
  return { ...verdict, severity: 'error', file: entry, ...(await authorPlace(folder, map, places)) };
}

function atEntry({ entry }: FailedComponent): Pick<Problem, 'severity' | 'file'> {
  return { severity: 'error', file: entry };
}

function guardedCall(guarded: string | undefined): { verdict: Verdict; places: BundlePlace[] } | undefined {
  const call =
    guarded === undefined ? undefined : new RegExp(`${GUARD_MARK}([\\w.]+\\(\\))`).exec(guarded)?.[1];
  if (guarded === undefined || call === undefined) return undefined;
  return {
    verdict: {
      code: 'build.top-level-call',
      message: `${call} is called outside a function, at build time, where it cannot work.`,
      help: `${FROZEN} Call it inside the handler.`,
    },
    places: placesIn(guarded, GUARD_LINES),
  };
}

function topLevelVerdict(told: string): Verdict {
  const [first = ''] = told.split('\n');
  const reason = first.replace(/^\S+\.js:\d+:\d+ /, '').replace(/^uncaught exception: /, '');
  const missing = /doesn't provide an export named: '([^']+)'/.exec(reason)?.[1];
  if (missing !== undefined) {
    return {
      code: 'build.unknown-host-function',
      message: `The platform's module has no function "${missing}".`,
      help: 'src/alga-extension.d.ts of a new extension lists what each module offers; names are in camelCase.',
    };
  }
  if (reason.includes('can only be used during request handling')) {
    const call = reason.replace(/^TypeError: /, '').split(' ')[0] ?? '';
    return {
      code: 'build.top-level-call',
      message: `${call} is called outside a function, at build time, where it cannot work.`,
      help: FROZEN,
    };
  }
  return {
    code: 'build.top-level-throw',
    message: `The handler's module throws while it is loaded: ${reason}`,
    help: FROZEN,
  };
}

function missingExport(entry: string): Verdict {
  return {
    code: 'build.missing-export',
    message: `"handler" of ${entry} is not a function.`,
    help: 'Export a function that takes the request: `export function handler(request) { … }`.',
  };
}

/** How the tool begins what it says of the handler; everything else it says before it looks at the handler. */
const ABOUT_HANDLER = /^(?:Failed to initialize|Unable to|Unknown error during|failed to parse JS)/;

/** The tool reads the WIT first, and tells no place in it. */
function witProblem({ message, witFile }: FailedComponent): Problem | undefined {
  if (witFile === undefined || ABOUT_HANDLER.test(message)) return undefined;
  return {
    code: 'build.invalid-wit',
    severity: 'error',
    message: `The component's WIT cannot be used: ${firstLine(message)}`,
    file: witFile,
    help: `Remove ${witFile} to build for the workbench's own copy of the platform's interfaces.`,
  };
}

function unknownVerdict(message: string): Verdict {
  const imported = /unknown imported function: '([^']+)' '([^']+)'/.exec(message);
  const reason = imported
    ? `its code outside functions needs ${imported[1] ?? ''} (${imported[2] ?? ''}), which is not there at build time`
    : firstLine(message.replace(/^Failed to initialize component.*/, ''));
  return {
    code: 'build.component-failed',
    message: `The handler could not be made a component: ${reason}.`,
    help: imported ? FROZEN : 'The build log has everything the tool said.',
  };
}

function placesIn(text: string, offset: number): BundlePlace[] {
  return [...text.matchAll(/\.js:(\d+):(\d+)/g)]
    .map(([, line, column]) => ({ line: Number(line) - offset, column: Number(column) }))
    .filter(place => place.line > 0);
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
