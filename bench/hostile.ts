import type { HostFunctions, HostReply } from '../contract/index.ts';
import { runOf, withFixture, type CallOptions, type Installed, type Run } from './fixture.ts';
import { HOSTILE_HANDLER } from './hostile-handler.ts';
import { growthOver } from './memory.ts';
import { atMost, report, throughput, type Report, type Row } from './report.ts';

/** A guest that means harm; what JavaScript cannot do (tables, broken UTF-8) is in the runner's own tests. */
export interface Attack {
  readonly name: string;
  readonly url: string;
  /** How it must end; none is an answer. */
  readonly ends: readonly (string | undefined)[];
  readonly options?: CallOptions;
  /** When somebody cancels it. */
  readonly cancelMs?: number;
}

const never: HostFunctions = () => new Promise(() => undefined);

/** Refuses what is asked, in the shape that each function's answer has. */
export const refusing: HostFunctions = ({ interface: name, function: func }) => {
  const reply = (value: unknown): Promise<HostReply> => Promise.resolve({ value });
  if (func === 'list-keys') return reply([]);
  const tellsSuccess = name === 'invoicing' || /^(create|update|delete)-schedule$/.test(func);
  return reply(tellsSuccess ? { success: false } : { err: 'internal' });
};

const patient: CallOptions = { limits: { timeoutMs: 30_000 }, host: refusing };

export const ATTACKS: readonly Attack[] = [
  {
    name: 'endless loop',
    url: '/loop',
    ends: ['guest.timeout'],
    options: { limits: { timeoutMs: 20 }, host: refusing },
  },
  {
    name: 'memory bomb',
    url: '/memory',
    ends: ['guest.memory'],
    options: { limits: { memoryMb: 32, timeoutMs: 30_000 }, host: refusing },
  },
  { name: 'deep recursion', url: '/recursion', ends: ['guest.trap', 'guest.stack_overflow'] },
  { name: 'host-call flood', url: '/flood', ends: ['guest.host_calls'] },
  { name: 'giant log', url: '/log', ends: [undefined] },
  { name: 'giant response', url: '/response', ends: ['guest.response_too_large'] },
  { name: 'giant header set', url: '/headers', ends: ['guest.response_too_large'] },
  { name: 'lone surrogates in every string', url: '/surrogates', ends: [undefined] },
  {
    name: 'blocked in a host call',
    url: '/blocked',
    ends: ['guest.timeout'],
    options: { limits: { timeoutMs: 20 }, host: never },
  },
  { name: 'cancelled while it holds 24 MB', url: '/hold', ends: ['guest.cancelled'], cancelMs: 20 },
];
/** Attacks between two looks at the host. */
const BETWEEN = 50;
const AT_ONCE = 4;
/** As many as the pool keeps warm. */
const PLACES = 16;

/**
 * Guests that mean harm, `XWB_HOSTILE_RUNS` (1,000) of each: every one ends as it must, and the host lives on with
 * the next call right and its memory back.
 */
export async function benchHostile(root: string): Promise<Report> {
  const times = Number(process.env['XWB_HOSTILE_RUNS'] ?? 1000);
  return await withHostile(root, async run => {
    await warmUp(run);
    const rows: Row[] = [];
    const growth = await growthOver(async () => {
      for (const attack of ATTACKS) {
        // It takes minutes; each attack's figures stand as soon as they are known.
        const found = await attacked(attack, run, times);
        for (const { name, value, unit } of found) process.stderr.write(`${name} ${value} ${unit}\n`);
        rows.push(...found);
      }
    });
    return report('hostile', [...rows, atMost('all of them: resident memory', growth, '%', 5)]);
  });
}

/** Does some work with the handler that means harm. */
export async function withHostile<T>(root: string, work: (run: Run) => Promise<T>): Promise<T> {
  const installed = ({ core, component }: Installed): Promise<T> => work(runOf(core.runner, component));
  return await withFixture(root, installed, HOSTILE_HANDLER);
}

/** Runs an attack once; throws when it ends otherwise than it must. */
export async function attackOnce(
  { name, url, ends, options = patient, cancelMs }: Attack,
  run: Run,
): Promise<void> {
  const cancel = cancelMs === undefined ? {} : { signal: AbortSignal.timeout(cancelMs) };
  const { fault } = await run(url, { ...options, ...cancel });
  if (!ends.includes(fault?.code)) throw new Error(`${name} ended as ${fault?.code ?? 'an answer'}.`);
}

/** A harmless call, in milliseconds; throws when it goes wrong. */
export async function nextCall(run: Run): Promise<number> {
  const started = performance.now();
  const { response } = await run('/x');
  if (response?.status !== 200) throw new Error('The call after an attack went wrong.');
  return performance.now() - started;
}

/**
 * The pool's places keep up to 16 MB each, for the next call. They are filled here, and JavaScript's heap gets its
 * size: from now on nothing may grow.
 */
async function warmUp(run: Run): Promise<void> {
  await throughput(2000, PLACES, () => nextCall(run));
  for (const attack of ATTACKS) await throughput(4 * PLACES, PLACES, () => attackOnce(attack, run));
}

async function attacked(attack: Attack, run: Run, times: number): Promise<Row[]> {
  let slowest = 0;
  const growth = await growthOver(async () => {
    for (let done = 0; done < times; done += BETWEEN) {
      await throughput(Math.min(BETWEEN, times - done), AT_ONCE, () => attackOnce(attack, run));
      slowest = Math.max(slowest, await nextCall(run));
    }
  });
  return [
    atMost(`${attack.name} x ${times}: next call, slowest`, slowest, 'ms', 100),
    atMost(`${attack.name} x ${times}: resident memory`, growth, '%', 5),
  ];
}
