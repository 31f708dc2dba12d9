import type { HostFunctions } from '../contract/index.ts';
import { callOf, runOf, withFixture, type CallOptions, type Run } from './fixture.ts';
import { atMost, report, throughput, type Report, type Row } from './report.ts';

interface Attack {
  readonly name: string;
  readonly url: string;
  /** How it must end; none is an answer. */
  readonly ends: readonly (string | undefined)[];
  readonly options?: CallOptions;
}

const never: HostFunctions = () => new Promise(() => undefined);

const ATTACKS: readonly Attack[] = [
  { name: 'endless loop', url: '/loop', ends: ['guest.timeout'], options: { limits: { timeoutMs: 50 } } },
  {
    name: 'memory bomb',
    url: '/memory',
    ends: ['guest.memory'],
    options: { limits: { memoryMb: 32, timeoutMs: 30_000 } },
  },
  { name: 'deep recursion', url: '/recursion', ends: ['guest.trap', 'guest.stack_overflow'] },
  {
    name: 'host-call flood',
    url: '/flood',
    ends: ['guest.host_calls', 'guest.timeout'],
    options: { limits: { timeoutMs: 200 } },
  },
  { name: 'giant log', url: '/log', ends: [undefined] },
  { name: 'giant response', url: '/response', ends: ['guest.response_too_large'] },
  { name: 'giant header set', url: '/headers', ends: ['guest.response_too_large'] },
  { name: 'lone surrogates', url: '/surrogates', ends: [undefined] },
  {
    name: 'blocked in a host call',
    url: '/blocked',
    ends: ['guest.timeout'],
    options: { limits: { timeoutMs: 20 }, host: never },
  },
];
/** Attacks between two looks at the host. */
const BETWEEN = 50;
const AT_ONCE = 4;

/**
 * Guests that mean harm, `XWB_HOSTILE_RUNS` (1,000) of each: every one ends as it must, and the host lives on with
 * the next call right and its memory back.
 */
export async function benchHostile(root: string): Promise<Report> {
  const times = Number(process.env['XWB_HOSTILE_RUNS'] ?? 1000);
  return await withFixture(root, async ({ core, component }) => {
    const run = runOf(core.runner, component);
    const call = callOf(core.runner, component);
    await throughput(2000, 16, () => call('/x'));
    const rows: Row[] = [];
    for (const attack of ATTACKS) {
      // It takes minutes; each attack's figures stand as soon as they are known.
      const found = await attacked(attack, run, times);
      for (const { name, value, unit } of found) process.stderr.write(`${name} ${value} ${unit}\n`);
      rows.push(...found);
    }
    return report('hostile', rows);
  });
}

async function attacked({ name, url, ends, options }: Attack, run: Run, times: number): Promise<Row[]> {
  const attack = async (): Promise<void> => {
    const { fault } = await run(url, { limits: { timeoutMs: 30_000 }, ...options });
    if (!ends.includes(fault?.code)) throw new Error(`${name} ended as ${fault?.code ?? 'an answer'}.`);
  };
  // The first ones stretch what is kept for later ones; from then on nothing may grow.
  await throughput(BETWEEN, AT_ONCE, attack);
  const before = process.memoryUsage.rss();
  let slowest = 0;
  for (let done = 0; done < times; done += BETWEEN) {
    await throughput(Math.min(BETWEEN, times - done), AT_ONCE, attack);
    slowest = Math.max(slowest, await nextCall(run));
  }
  const growth = (process.memoryUsage.rss() / before - 1) * 100;
  return [
    atMost(`${name} x ${times}: next call, slowest`, slowest, 'ms', 100),
    atMost(`${name} x ${times}: resident memory`, growth, '%', 5),
  ];
}

async function nextCall(run: Run): Promise<number> {
  const started = performance.now();
  const { response } = await run('/x');
  if (response?.status !== 200) throw new Error('The call after an attack went wrong.');
  return performance.now() - started;
}
