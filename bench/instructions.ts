import { execFileSync, spawnSync } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { bareEmbedder } from './bare.ts';
import { withFixture } from './fixture.ts';
import { figure, ratioAtMost, report, type Report, type Row } from './report.ts';

/** Calls of the two runs that are compared: what starting takes is in both, and cancels out. */
const FEW = 20;
const MANY = 220;
/** How much more than the baseline a call may take; the same program differs by a ten-thousandth. */
const LIMIT = 1.05;

/** Ways to a handler that `xwb-bare --count` knows. */
const Way = z.enum(['bare', 'runner']);
type Way = z.infer<typeof Way>;
const NAMES: Readonly<Record<Way, string>> = {
  bare: 'instructions of a call by the bare embedder',
  runner: 'instructions of a call by the runner',
};

/** What a call took when the baseline was written, by `process.arch`. */
const Baselines = z.record(
  z.string(),
  z.object({ wasmtime: z.string(), instructions: z.partialRecord(Way, z.number().int().positive()) }),
);
type Baselines = z.infer<typeof Baselines>;

/** What is counted, and with what. */
export interface Counted {
  readonly component: string;
  /** Version of Wasmtime. */
  readonly wasmtime: string;
}

/**
 * Counts the instructions of a call and compares them with the baseline in the repository, which needs no quiet
 * machine; `update` makes the counts the new baseline.
 */
export async function benchInstructions(root: string, update: boolean): Promise<Report> {
  return await withFixture(root, async ({ core, component }) => {
    const counted = { component, wasmtime: core.runner.wasmtime };
    if (update) await writeBaseline(root, counted);
    return report('instructions', await instructionRows(root, counted));
  });
}

/** The rows of {@link benchInstructions}; without valgrind or a baseline they say so, and that is no failure. */
export async function instructionRows(root: string, { component, wasmtime }: Counted): Promise<Row[]> {
  if (!hasValgrind()) return Way.options.map(way => untold(way, 'not counted, valgrind is not installed', 0));
  const baseline = (await readBaselines(root))[process.arch];
  const than = !baseline || baseline.wasmtime === wasmtime ? '' : `, against Wasmtime ${baseline.wasmtime}`;
  return Way.options.map(way => {
    const counted = countedCall(root, way, component);
    const before = baseline?.instructions[way];
    return before === undefined
      ? untold(way, `no baseline for ${process.arch} yet, --update writes one`, counted)
      : ratioAtMost(`${NAMES[way]}${than}`, counted, 'instructions', before, LIMIT);
  });
}

function untold(way: Way, why: string, value: number): Row {
  return figure(`${NAMES[way]}: ${why}`, value, 'instructions');
}

function hasValgrind(): boolean {
  return spawnSync('valgrind', ['--version']).status === 0;
}

/** Instructions of one call, without what starting the program takes. */
function countedCall(root: string, way: Way, component: string): number {
  const program = bareEmbedder(root);
  // Compiles, which under valgrind would take minutes.
  execFileSync(program, ['--count', way, component, '1']);
  const instructions = (calls: number): number =>
    instructionsOf([program, '--count', way, component, String(calls)]);
  const few = instructions(FEW);
  return Math.round((instructions(MANY) - few) / (MANY - FEW));
}

function instructionsOf(command: readonly string[]): number {
  const args = ['--tool=callgrind', '--callgrind-out-file=/dev/null', ...command];
  const { status, stderr } = spawnSync('valgrind', args, { encoding: 'utf8' });
  const collected = /Collected : (\d+)/.exec(stderr)?.[1];
  // What ended early was counted, too.
  if (status !== 0 || collected === undefined) throw new Error(`valgrind could not count: ${stderr}`);
  return Number(collected);
}

function baselineFile(root: string): string {
  return path.join(root, 'bench/baselines/instructions.json');
}

async function readBaselines(root: string): Promise<Baselines> {
  return Baselines.parse(JSON.parse(await readFile(baselineFile(root), 'utf8')));
}

/** Writes the counts of this architecture; the others stay. Throws where there is no valgrind. */
async function writeBaseline(root: string, { component, wasmtime }: Counted): Promise<void> {
  if (!hasValgrind()) throw new Error('A baseline needs valgrind (apt-get install valgrind).');
  const counts = Way.options.map(way => [way, countedCall(root, way, component)] as const);
  const counted = { [process.arch]: { wasmtime, instructions: Object.fromEntries(counts) } };
  const file = baselineFile(root);
  const text = JSON.stringify({ ...(await readBaselines(root)), ...counted }, undefined, 2);
  await writeFile(`${file}.new`, `${text}\n`);
  await rename(`${file}.new`, file);
}
