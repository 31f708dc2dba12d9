import { spawn } from 'node:child_process';
import type { z } from 'zod';
import { throwIfCancelled } from './build-run.ts';
import { ended, ownGroup } from './child-process.ts';
import type { Toolchain } from './options.ts';

/** One question to a script of ours that runs in a process of its own. */
export interface Question<R> {
  readonly toolchain: Toolchain;
  /** The script, and the folder it works in, which is also its folder for temporary files. */
  readonly script: string;
  readonly folder: string;
  readonly request: object;
  readonly reply: z.ZodType<R>;
  readonly signal: AbortSignal;
  /** What it wrote to standard output and standard error, in one piece, when it has ended. */
  readonly onOutput: (text: string) => void;
  /** Every message that is not the reply. */
  readonly onMessage?: (message: unknown) => void;
}

/**
 * Sends one request to a new process and waits for its one reply and its end.
 *
 * @throws `build.cancelled` on abort, once the process is told to end; an Error when it ends without a reply
 */
export async function askProcess<R>(question: Question<R>): Promise<R> {
  const { toolchain, script, folder, request, signal, onOutput, onMessage } = question;
  throwIfCancelled(signal);
  const child = spawn(toolchain.nodePath, [script], {
    cwd: folder,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      TMPDIR: folder,
      TEMP: folder,
      TMP: folder,
      ...toolchain.nodeEnv,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...ownGroup,
  });
  let reply: { value: R } | undefined;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  child.on('message', message => {
    const parsed = question.reply.safeParse(message);
    if (parsed.success) reply = { value: parsed.data };
    else onMessage?.(message);
  });
  // A child that cannot start says so through `error`; the message it did not get is not news.
  child.send(request, () => undefined);
  const status = await ended(child, signal);
  if (output.trim() !== '') onOutput(output.trim());
  if (reply) return reply.value;
  throw new Error(`The component tool ended without an answer (status ${status ?? 'killed'}).\n${output}`);
}
