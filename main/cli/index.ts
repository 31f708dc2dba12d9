import path from 'node:path';
import { resourcesAt } from '../services/index.ts';
import { main } from './program.ts';

// This file is bundled to out/main/cli.js: two folders below the root, like its source.
const root = path.resolve(import.meta.dirname, '..', '..');
process.exitCode = await main(process.argv.slice(2), resourcesAt(root));
