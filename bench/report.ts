import { cpus, totalmem } from 'node:os';

/** One measured figure. `baseline` is what it was compared with in the same run, `target` what we hold it to. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'us' | 'calls/s' | '%' | 'count' | 'instructions';
  readonly baseline?: number;
  /** value / baseline. */
  readonly ratio?: number;
  readonly target: string;
  readonly met: boolean;
}

export interface Report {
  readonly bench: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly node: string;
    /** Where it ran in Electron's main process. */
    readonly electron?: string;
  };
  readonly rows: readonly Row[];
}

/** The document that `--json` prints. */
export function report(bench: string, rows: readonly Row[]): Report {
  const [first] = cpus();
  const machine = {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    ...('electron' in process.versions && { electron: process.versions.electron }),
  };
  return { bench, machine, rows };
}

/** A row whose target is an upper bound on the value. */
export function atMost(name: string, value: number, unit: Row['unit'], limit: number): Row {
  return { name, value: round(value), unit, target: `<= ${limit} ${unit}`, met: value <= limit };
}

/** A row that has no target. */
export function figure(name: string, value: number, unit: Row['unit']): Row {
  return { name, value: round(value), unit, target: 'none', met: true };
}

/** A row whose target is a lower bound on the value. */
export function atLeast(name: string, value: number, unit: Row['unit'], limit: number): Row {
  return { name, value: round(value), unit, target: `>= ${limit} ${unit}`, met: value >= limit };
}

/** A row whose target is a bound on the ratio to a baseline measured in the same run. */
export function ratioAtMost(
  name: string,
  value: number,
  unit: Row['unit'],
  baseline: number,
  limit: number,
): Row {
  const ratio = value / baseline;
  return {
    name,
    value: round(value),
    unit,
    baseline: round(baseline),
    ratio: round(ratio),
    target: `<= ${limit}x`,
    met: ratio <= limit,
  };
}

/** A row whose target is a lower bound on the ratio to a baseline measured in the same run. */
export function ratioAtLeast(
  name: string,
  value: number,
  unit: Row['unit'],
  baseline: number,
  limit: number,
): Row {
  const row = ratioAtMost(name, value, unit, baseline, limit);
  return { ...row, target: `>= ${limit}x`, met: value / baseline >= limit };
}

/** The same as a table for a person. */
export function asTable({ bench, machine, rows }: Report): string {
  const { cores, cpu, memoryGb, node, electron } = machine;
  const runtime = electron === undefined ? `Node ${node}` : `Electron ${electron}`;
  const head = `${bench}: ${cores} x ${cpu}, ${memoryGb} GB, ${runtime}`;
  const cells = rows.map(row => [
    row.name,
    `${row.value} ${row.unit}`,
    row.baseline === undefined ? '' : `${row.baseline} ${row.unit}`,
    row.ratio === undefined ? '' : `${row.ratio}x`,
    row.target,
    row.met ? 'met' : 'MISSED',
  ]);
  const all = [['what', 'measured', 'baseline', 'ratio', 'target', ''], ...cells];
  const widths = all.reduce<number[]>(
    (most, line) => line.map((cell, at) => Math.max(most[at] ?? 0, cell.length)),
    [],
  );
  return [
    head,
    ...all.map(line =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  ].join('\n');
}

/** The given percentile (0 to 1) of samples. */
export function percentile(samples: readonly number[], at: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN;
}

/** Milliseconds of each of `count` calls, one after the other, after a warm-up of a tenth. */
export async function timed(count: number, work: () => Promise<unknown>): Promise<number[]> {
  for (let at = 0; at < count / 10; at++) await work();
  const samples: number[] = [];
  for (let at = 0; at < count; at++) {
    const started = performance.now();
    await work();
    samples.push(performance.now() - started);
  }
  return samples;
}

/** Calls a second with `width` calls always under way. */
export async function throughput(
  count: number,
  width: number,
  work: () => Promise<unknown>,
): Promise<number> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: width }, lane));
  return (count / (performance.now() - started)) * 1000;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
