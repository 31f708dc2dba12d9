// npm run bench -- <name> [--json]: compares two things in one run; see bench/report.ts for the document.
import path from 'node:path';
import { benchBuild } from './build.ts';
import { benchHostile } from './hostile.ts';
import { benchInstructions } from './instructions.ts';
import { asTable, type Report } from './report.ts';
import { benchRunner } from './runner.ts';

const BENCHES: Readonly<Record<string, (root: string) => Promise<Report>>> = {
  build: benchBuild,
  runner: benchRunner,
  hostile: benchHostile,
  instructions: root => benchInstructions(root, process.argv.includes('--update')),
};

const [name = 'runner'] = process.argv.slice(2).filter(argument => !argument.startsWith('--'));
const bench = BENCHES[name];
if (!bench) {
  process.stderr.write(`There is no bench called ${name}. There is: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const result = await bench(path.resolve(import.meta.dirname, '..'));
process.stdout.write(
  process.argv.includes('--json') ? `${JSON.stringify(result)}\n` : `${asTable(result)}\n`,
);
// As everywhere: 1 is a good run whose answer is no.
process.exitCode = result.rows.every(({ met }) => met) ? 0 : 1;
