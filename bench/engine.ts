import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createRunner } from '../main/runner/index.ts';
import { callOf, type Call } from './fixture.ts';
import { growthOver } from './memory.ts';
import { atMost, figure, percentile, throughput, type Row } from './report.ts';

/** Where an engine is and what it runs. */
export interface EngineFacts {
  readonly addonPath: string;
  /** Folder for what a bench writes. */
  readonly folder: string;
  readonly component: string;
  /** Builds the component's project once more, after an edit. */
  readonly nextBuild: () => Promise<string>;
}

/** Starting an engine, compiling for it, and what it holds after many calls. */
export async function engineRows(facts: EngineFacts, call: Call): Promise<Row[]> {
  return [startUp(facts), ...(await compiling(facts)), ...(await restarting(facts)), await memory(call)];
}

/** In processes of their own: the second load of an addon costs nothing. */
function startUp({ addonPath, folder }: EngineFacts): Row {
  const script = `const started = performance.now();
    require(${JSON.stringify(addonPath)}).Engine.create({ cacheDir: ${JSON.stringify(path.join(folder, 'start'))} }, () => {});
    console.log(performance.now() - started);`;
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const run = (): number => Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env }));
  return atMost(
    'addon load and engine creation, p50',
    percentile(Array.from({ length: 9 }, run), 0.5),
    'ms',
    15,
  );
}

/** Compiles the component with an eye on the event loop, then the next build of the same project. */
async function compiling({ addonPath, folder, component, nextBuild }: EngineFacts): Promise<Row[]> {
  const own = await mkdtemp(path.join(folder, 'compile-'));
  const runner = createRunner({ addonPath, cacheDir: path.join(own, 'compiled') });
  try {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const first = await took(() => runner.warm(component));
    delay.disable();
    const changed = await nextBuild();
    const next = await took(() => runner.warm(changed));
    const foreign = path.join(own, 'foreign.wasm');
    await writeFile(foreign, withSection(await readFile(component)));
    const functions = await took(() => runner.warm(foreign));
    return [
      figure('compiling 12 MB', first, 'ms'),
      atMost('event loop meanwhile, p99', delay.percentile(99) / 1e6, 'ms', 20),
      atMost('compiling the next build', next, 'ms', 2000),
      figure('compiling other code with the same functions', functions, 'ms'),
    ];
  } finally {
    await runner.close();
    await rm(own, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The same functions in a component that is not a build of the same template: one more custom section. */
function withSection(component: Buffer): Buffer {
  return Buffer.concat([component, Buffer.from([0, 2, 1, 0x78])]);
}

async function restarting({ addonPath, folder, component }: EngineFacts): Promise<Row[]> {
  const cacheDir = path.join(folder, 'restart');
  const samples: number[] = [];
  for (let at = 0; at < 11; at++) {
    const started = performance.now();
    const runner = createRunner({ addonPath, cacheDir });
    await callOf(runner, component)('/x');
    // The first compiles.
    if (at > 0) samples.push(performance.now() - started);
    await runner.close();
  }
  return [atMost('first call after a restart, engine included, p50', percentile(samples, 0.5), 'ms', 15)];
}

async function memory(call: Call): Promise<Row> {
  await throughput(2000, 16, () => call('/x'));
  const growth = await growthOver(() => throughput(50_000, 16, () => call('/x')));
  return atMost('resident memory after 50,000 calls', growth, '%', 5);
}
