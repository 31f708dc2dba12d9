import type { BuildKind, Problem } from '../../contract/index.ts';
import { DECIDING, type PageServer } from '../page-server/index.ts';

/** How page servers are come by. */
export interface PageServers {
  /** Whether a project brings one; rejects when the folder is no project. */
  has(folder: string): Promise<boolean>;
  /** Rejects with the reason when it does not start, and on abort. */
  start(folder: string, registryId: string, signal: AbortSignal): Promise<PageServer>;
}

interface Running {
  readonly registryId: string;
  readonly stop: AbortController;
  /** Nothing once it is known that it does not start. */
  readonly server: Promise<PageServer | undefined>;
}

/**
 * The page server of one open project, where the project brings one: runs while the project is open as a development
 * build. One that does not start or ends by itself is not tried again until what decides about it changes.
 */
export class ProjectPages {
  readonly #folder: string;
  readonly #servers: PageServers;
  readonly #onEnded: () => void;
  #running: Running | undefined;
  #failure: string | undefined;

  /** @param onEnded called when a server that was given out has ended by itself */
  constructor(folder: string, servers: PageServers, onEnded: () => void) {
    this.#folder = folder;
    this.#servers = servers;
    this.#onEnded = onEnded;
  }

  /** Why the pages are made in the ordinary way although the project brings a server. */
  get problems(): Problem[] {
    if (this.#failure === undefined) return [];
    return [
      {
        code: 'ui.no-page-server',
        severity: 'warning',
        message: `The project's own Vite does not serve its pages: ${this.#failure}`,
        file: 'package.json',
        help: 'Until then each save builds the page and loads it again. Mend the configuration of Vite, or open the project again.',
      },
    ];
  }

  /** These with {@link problems}, the gravest first. */
  withProblems(others: readonly Problem[]): Problem[] {
    const isError = ({ severity }: Problem): boolean => severity === 'error';
    return [...others.filter(isError), ...this.problems, ...others.filter(each => !isError(each))];
  }

  /** Takes note of files that were saved; paths are relative to the project. */
  changed(paths: readonly string[]): void {
    if (paths.some(each => DECIDING.test(each))) this.#failure = undefined;
  }

  /** Whether {@link serve} would have, or start, a server for an installed extension. */
  async wanted(kind: BuildKind): Promise<boolean> {
    return kind === 'development' && this.#failure === undefined && (await this.#servers.has(this.#folder));
  }

  /**
   * The server that answers for the pages of an extension now; nothing where they are made in the ordinary way.
   *
   * @param registryId absent while the extension is not installed
   */
  async serve(registryId: string | undefined, kind: BuildKind): Promise<PageServer | undefined> {
    if (registryId === undefined || !(await this.wanted(kind))) {
      await this.close();
      return undefined;
    }
    // Nothing may come between the look and the start: another run may ask at the same time.
    if (this.#running?.registryId !== registryId)
      this.#running = this.#start(registryId, stopped(this.#running));
    return await this.#running.server;
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await stopped(running);
  }

  #start(registryId: string, before: Promise<void>): Running {
    const stop = new AbortController();
    const server = before
      .then(() => this.#servers.start(this.#folder, registryId, stop.signal))
      .then(
        started => {
          void started.ended.then(reason => this.#ended(running, reason));
          return started;
        },
        (error: unknown) => {
          if (this.#running === running) this.#running = undefined;
          if (!stop.signal.aborted) this.#failure = error instanceof Error ? error.message : String(error);
          return undefined;
        },
      );
    const running: Running = { registryId, stop, server };
    return running;
  }

  #ended(running: Running, reason: string): void {
    if (this.#running !== running) return;
    this.#running = undefined;
    this.#failure = reason;
    this.#onEnded();
  }
}

/** Ends a server, started or not; resolves once it is gone. */
async function stopped(running: Running | undefined): Promise<void> {
  running?.stop.abort();
  await (await running?.server)?.close();
}
