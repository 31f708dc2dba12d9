import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { ended, killGroup, ownGroup, projectEnvironment, type Toolchain } from '../build/index.ts';
import { Outcome, type Order } from './protocol.ts';

/** How long a server may take until it listens, in milliseconds; beyond that nobody waits for a page. */
const START_MS = 10_000;
/** How much of its output is kept for the report of its failure, in characters. */
const KEPT_OUTPUT = 4096;

export interface PageServerOptions extends Order {
  readonly toolchain: Toolchain;
  /** The script `page-server-child`, runnable by the toolchain's Node. */
  readonly worker: string;
  /** Ends a start that nobody waits for any more; a server that has started is closed by {@link PageServer.close}. */
  readonly signal: AbortSignal;
  /** Longest wait until it listens, in milliseconds. */
  readonly startMs?: number;
}

/** A project's own Vite, serving on a loopback port of its choice. */
export interface PageServer {
  readonly port: number;
  /** Path below which everything is served; slashes at both ends. */
  readonly base: string;
  /** Of the project's Vite. */
  readonly version: string;
  /** Resolves once the process is gone, to the last that it said. */
  readonly ended: Promise<string>;
  /** Ends the process and all it started; resolves once it is gone. */
  close(): Promise<void>;
}

/**
 * Starts the development server of the project's own Vite in a process of its own, which ends with this one, however
 * that ends. Rejects with an Error that says why it did not start; then no process is left.
 */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const { folder, base, clientPort, toolchain, worker, signal, startMs = START_MS } = options;
  const child = spawn(toolchain.nodePath, [worker], {
    cwd: folder,
    env: { ...projectEnvironment(process.env), ...toolchain.nodeEnv, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...ownGroup,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + stripVTControlCharacters(text)).slice(-KEPT_OUTPUT);
    });
  }
  const lastWord = (): string => output.trim().split('\n').at(-1)?.trim() ?? '';
  const gone = ended(child, new AbortController().signal).then(
    status => lastWord() || `it ended with status ${status ?? 'of a signal'}`,
    (error: unknown) => String(error),
  );
  const close = async (): Promise<void> => {
    killGroup(child);
    await gone;
  };
  const { promise: told, resolve: tell } = Promise.withResolvers<Outcome>();
  child.once('message', message => {
    const outcome = Outcome.safeParse(message);
    tell(outcome.data ?? { failure: 'it answered in a way that is not known' });
  });
  void gone.then(failure => tell({ failure }));
  const timer = setTimeout(() => tell({ failure: `it did not listen within ${startMs / 1000} s` }), startMs);
  const onAbort = (): void => tell({ failure: 'nobody waits for it any more' });
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  // A child that cannot start ends; that is its answer.
  child.send({ folder, base, clientPort } satisfies Order, () => undefined);
  const outcome = await told;
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
  if ('failure' in outcome) {
    await close();
    throw new Error(outcome.failure);
  }
  return { ...outcome, base, ended: gone, close };
}
