/** Packs one bundle or takes one in, in a process of its own; see `background.ts`. One request, one reply. */
import { failureReply, Request, type Reply } from './background-protocol.ts';
import { extractBundle } from './extract.ts';
import { packBundle } from './pack.ts';

const unwanted = new AbortController();
// Nobody waits for the result any more, or the workbench is gone: nothing half-written may stay.
const giveUp = (): void => unwanted.abort();
process.once('disconnect', giveUp);
if (!process.connected) giveUp();
process.once('message', message => {
  void work(Request.parse(message)).then(
    value => answer({ value }),
    (error: unknown) => answer(failureReply(error)),
  );
});

async function work(request: Request): Promise<object> {
  if ('entries' in request) return await packBundle(request.entries, request.outFile, unwanted.signal);
  return await extractBundle(request.bundleFile, { cacheDir: request.cacheDir });
}

function answer(reply: Reply): void {
  if (process.connected) process.send?.(reply, () => process.disconnect());
}
