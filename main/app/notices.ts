import type { WorkbenchState } from '../../contract/index.ts';

export type Notice = WorkbenchState['notices'][number];

/** Facts about the Electron runtime that its user should know. */
export function runtimeNotices(facts: {
  readonly root: boolean;
  readonly noSandbox: boolean;
  /** The official runtime could not be downloaded and a stand-in runs (set by npm start). */
  readonly fallbackRuntime: boolean;
}): Notice[] {
  const notices: Notice[] = [];
  if (facts.noSandbox) {
    const reason = facts.root
      ? 'because it runs as root, where Chromium offers none'
      : 'because it was started with --no-sandbox';
    notices.push({
      id: 'app.no-sandbox',
      severity: 'warning',
      message: `The system sandbox around pages is off ${reason}. Start the workbench as an ordinary user to have it.`,
    });
  }
  if (facts.fallbackRuntime) {
    notices.push({
      id: 'app.fallback-runtime',
      severity: 'warning',
      message:
        'The official Electron runtime could not be downloaded, so an older stand-in runs. Connect to the network once and run npm start again.',
    });
  }
  return notices;
}
