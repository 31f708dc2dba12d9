import type { Run } from './fixture.ts';
import { atLeast, atMost, type Row } from './report.ts';

const LIMIT_MS = 500;
/** How late the limit may strike. */
const LATE_MS = 30;
const TRIES = 10;
const OTHERS = 64;

/** Limits that hold: an endless loop alone and in a crowd, calls that must not end early, a cancel. */
export async function limitRows(run: Run): Promise<Row[]> {
  const alone = await loops(run);
  const crowd = Array.from({ length: OTHERS }, () => run('/loop', { limits: { timeoutMs: 12_000 } }));
  const crowded = await loops(run);
  await Promise.all(crowd);
  const latest = `limit of ${LIMIT_MS} ms, latest of ${TRIES}`;
  return [
    atMost(`${latest}, alone`, Math.max(...alone), 'ms', LIMIT_MS + LATE_MS),
    atMost(`${latest}, beside ${OTHERS} loops`, Math.max(...crowded), 'ms', LIMIT_MS + LATE_MS),
    atLeast('the same, earliest of all', Math.min(...alone, ...crowded), 'ms', LIMIT_MS),
    atMost('calls of 10,000 that ended early', await endedEarly(run), 'count', 0),
    atMost(`cancel, latest of ${TRIES}`, Math.max(...(await cancels(run))), 'ms', 50),
  ];
}

/** Milliseconds that endless loops ran, one after the other. */
async function loops(run: Run): Promise<number[]> {
  const took: number[] = [];
  for (let at = 0; at < TRIES; at++) {
    const { fault, durationMs } = await run('/loop', { limits: { timeoutMs: LIMIT_MS } });
    if (fault?.code !== 'guest.timeout') throw new Error(`A loop ended as ${fault?.code ?? 'an answer'}.`);
    took.push(durationMs);
  }
  return took;
}

/** Calls that were stopped before their time was over; a slow machine may use that up, which is no early end. */
async function endedEarly(run: Run): Promise<number> {
  let left = 10_000;
  let early = 0;
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const { fault, durationMs } = await run('/x', { limits: { timeoutMs: LIMIT_MS } });
      if (fault && durationMs < LIMIT_MS) early += 1;
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return early;
}

async function cancels(run: Run): Promise<number[]> {
  const took: number[] = [];
  for (let at = 0; at < TRIES; at++) {
    const controller = new AbortController();
    const running = run('/loop', { limits: { timeoutMs: 60_000 }, signal: controller.signal });
    await run('/x');
    const started = performance.now();
    controller.abort();
    const { fault } = await running;
    if (fault?.code !== 'guest.cancelled')
      throw new Error(`A cancel ended as ${fault?.code ?? 'an answer'}.`);
    took.push(performance.now() - started);
  }
  return took;
}
