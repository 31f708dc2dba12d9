// Checks on crates and npm packages that need no network: licences, sources, checksums, pins, bans, install scripts. Known
// vulnerabilities are not among them: their lists are only to be had online (`cargo audit`, `npm audit`).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CargoMetadata, crateProblems } from './crates.ts';
import { Lock, Manifest, packageProblems } from './packages.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
// Crates of other platforms are fetched where a build left them out.
const metadata = execFileSync('cargo', ['metadata', '--locked', '--format-version', '1'], {
  cwd: path.join(root, 'native'),
  encoding: 'utf8',
  maxBuffer: 256 << 20,
});

const problems = [
  ...crateProblems(CargoMetadata.parse(JSON.parse(metadata)), read('native/Cargo.lock')),
  ...packageProblems(
    Lock.parse(JSON.parse(read('package-lock.json'))),
    Manifest.parse(JSON.parse(read('package.json'))),
  ),
];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
