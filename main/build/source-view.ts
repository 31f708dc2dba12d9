import type { Fault, GuestException, StackFrame } from '../../contract/index.ts';
import { openSourceMap, type FindSource } from './source-places.ts';

/** A run in the author's terms: places of the bundle become places in the files it was made of. */
export interface SourceView {
  /** A line that the guest wrote, for example a stack that it logged; nothing for what the engine says about itself. */
  text(message: string): string | undefined;
  /** A fault with the exception that the guest's standard error tells of, when it does. */
  fault(fault: Fault): Fault;
}

/** Name that the engine gives the bundle in its stacks. */
const PLACE = /\bhandler\.js:(\d+):(\d+)/g;

/** What the engine writes last when it gives up over an exception that nobody caught. */
const GIVES_UP = /^([\s\S]*?)\s*\nRedirecting call to abort\(\) to \w+\s*$/;
const CAUSE = '\n\nCaused by: ';
const STACK = 'Stack:';
/** A call as the engine writes it; the part before a star says how it came to be. */
const FRAME = /^\s*(?:[^@]*\*)?([^@]*)@(.+):(\d+):(\d+)$/;
/** The engine's own bindings, which stand around every handler. */
const BINDINGS = '/xwb-bindings/';
/** Lines of the engine that lead nowhere: the frames of its bindings, and that it gives up. */
const ENGINES_OWN = /^(?:Redirecting call to abort\(\) to \w+|\s*\S*@\/xwb-bindings\/\S+)$/;
/** More calls than this say nothing new: the handler calls itself without end. */
const MAX_FRAMES = 32;

/** The view of a bundle through its source map. */
export function openSourceView(map: string): SourceView {
  const find = openSourceMap(map);
  const text = (message: string): string => translated(message, find);
  return {
    text: message => (ENGINES_OWN.test(message) ? undefined : text(message)),
    fault(fault) {
      if (fault.stderr === undefined) return fault;
      const stderr = text(fault.stderr);
      const exception = exceptionIn(stderr);
      if (!exception) return { ...fault, stderr };
      const [first] = exception.stack;
      const place = first ? ` (${first.file}:${first.line}:${first.column})` : '';
      return { ...fault, stderr, message: `Uncaught exception: ${exception.message}${place}`, exception };
    },
  };
}

function translated(message: string, find: FindSource): string {
  return message.replace(PLACE, (whole, line: string, column: string) => {
    const source = find({ line: Number(line), column: Number(column) });
    return source ? `${source.file}:${source.line}:${source.column}` : whole;
  });
}

/** The exception that ended a run, out of everything it wrote to standard error. */
function exceptionIn(stderr: string): GuestException | undefined {
  const report = GIVES_UP.exec(stderr)?.[1];
  if (report === undefined) return undefined;
  // What was written before the report is not told apart from a message of several lines: the last one counts.
  const lines = (report.split(CAUSE)[0] ?? '').split('\n');
  const at = lines.lastIndexOf(STACK);
  const message = lines[at === -1 ? lines.length - 1 : at - 1]?.trim();
  if (message === undefined || message === '') return undefined;
  if (at === -1) return { message, stack: [] };
  const calls = lines.slice(at + 1);
  const stack = calls.flatMap(frameOf).slice(0, MAX_FRAMES);
  const ofBindings = calls[0]?.includes(BINDINGS) === true;
  return { message: ofBindings ? `what the handler returned is no response: ${message}` : message, stack };
}

function frameOf(line: string): StackFrame[] {
  const found = FRAME.exec(line);
  if (!found || line.includes(BINDINGS)) return [];
  const [, name = '', file = '', row, column] = found;
  return [{ function: name, file, line: Number(row), column: Number(column) }];
}
