import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { WorkbenchError } from '../../contract/index.ts';
import { failureOf, Reply, type Request } from './background-protocol.ts';
import type { extractBundle } from './extract.ts';
import type { packBundle } from './pack.ts';

/** Packing and taking in bundles, by whoever does it. */
export interface BundleWork {
  readonly pack: typeof packBundle;
  readonly extract: (bundleFile: string, o: { cacheDir: string }) => ReturnType<typeof extractBundle>;
}

/** How the child is run. */
export interface BundleChild {
  /** A Node of this one's version; Electron's own binary with {@link nodeEnv} is one. */
  readonly nodePath: string;
  readonly nodeEnv: Readonly<Record<string, string>>;
  /** The script `bundle-child`. */
  readonly script: string;
}

/**
 * Packs and takes in bundles behind what a person does: half a second of one processor, and some 100 MB of passing
 * buffers, stay out of this process. Each is a process of its own, of lower priority. Results and errors are those of
 * {@link packBundle} and {@link extractBundle}; `internal.unexpected` when the child ends without an answer.
 */
export function bundlesInBackground(child: BundleChild): BundleWork {
  return {
    pack: (entries, outFile, signal) => ask(child, { entries: [...entries], outFile }, signal),
    extract: (bundleFile, { cacheDir }) => ask(child, { bundleFile, cacheDir }),
  };
}

/** Resolves or rejects once the child is gone: what it has not done by then, it never will. */
async function ask<T>(options: BundleChild, request: Request, signal?: AbortSignal): Promise<T> {
  if (signal?.aborted) throw new WorkbenchError('build.cancelled', { cause: signal.reason });
  const child = start(options);
  const stop = (): void => {
    if (child.connected) child.disconnect();
  };
  signal?.addEventListener('abort', stop);
  try {
    const reply = await replyOf(child, request);
    if (reply && 'failure' in reply) throw failureOf(reply.failure);
    // Our own code made it, in the child.
    if (reply) return reply.value as T;
    if (signal?.aborted) throw new WorkbenchError('build.cancelled', { cause: signal.reason });
    throw new WorkbenchError('internal.unexpected', {
      message: 'The bundler of extensions ended without an answer.',
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function start({ nodePath, nodeEnv, script }: BundleChild): ChildProcess {
  const child = fork(script, {
    execPath: nodePath,
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', ...nodeEnv },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return child;
}

async function replyOf(child: ChildProcess, request: Request): Promise<Reply | undefined> {
  let reply: Reply | undefined;
  child.once('message', message => {
    reply = Reply.safeParse(message).data;
  });
  // Its last word may come after its end. A child that cannot start says so through `error`, for which both listen.
  const gone = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  child.send(request, () => undefined);
  await gone;
  return reply;
}
