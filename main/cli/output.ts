import { toErrorValue, type Problem, type StageName, type WorkbenchState } from '../../contract/index.ts';

/** Exit statuses: the answer is good, the answer is no, the command line was wrong. */
export const EXIT = { good: 0, no: 1, usage: 2 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Prints the answer: one JSON document with `--json`, otherwise the text for a person. Both on standard output. */
export function answer(json: boolean, document: unknown, text: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(document)}\n` : `${text()}\n`);
}

/** Progress and logs: always on standard error. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What the workbench has to say about itself, for example that a damaged database was set aside. */
export function showNotices(notices: WorkbenchState['notices']): void {
  for (const { severity, message } of notices)
    progress(`${severity === 'warning' ? 'warning' : 'note'}: ${message}`);
}

/** Reports a failure; with `--json` also as the one document on standard output. */
export function failure(json: boolean, error: unknown): void {
  const value = toErrorValue(error);
  if (json) failureDocument(error);
  progress(`${value.code}: ${value.message}\n  ${value.next}`);
  if (value.details && !json) progress(`  ${JSON.stringify(value.details)}`);
}

/** The one document of a command that failed. */
export function failureDocument(error: unknown): void {
  process.stdout.write(`${JSON.stringify({ error: toErrorValue(error) })}\n`);
}

/** One line a stage, as it ends. */
export function showStage(event: {
  stage: StageName;
  state: 'start' | 'end';
  ms?: number;
  cached?: boolean;
  log?: string;
}): void {
  if (event.log !== undefined) progress(event.log);
  else if (event.state === 'end') {
    const time = `${(event.ms ?? 0).toFixed(0)} ms`.padStart(9);
    progress(`  ${event.stage.padEnd(14)}${time}${event.cached ? '  cached' : ''}`);
  }
}

/** Problems as compilers print them: place, severity, code, message, help and the frame of code. */
export function problemText(problems: readonly Problem[]): string {
  return problems
    .map(problem => {
      const place = [problem.file, problem.line, problem.column].filter(part => part !== undefined).join(':');
      return [
        `${place && `${place}: `}${problem.severity} ${problem.code}: ${problem.message}`,
        ...(problem.frame === undefined ? [] : [problem.frame]),
        ...(problem.help === undefined ? [] : [`  help: ${problem.help}`]),
        ...(problem.fix === undefined ? [] : [`  fix:  ${problem.fix.title} (${problem.fix.id})`]),
      ].join('\n');
    })
    .join('\n');
}
