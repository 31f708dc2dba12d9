// Compiles a component in a process of its own, which a test kills: <addon> <cache folder> <component>.
import { createRunner } from '../../main/runner/index.ts';

const [addonPath = '', cacheDir = '', component = ''] = process.argv.slice(2);
const runner = createRunner({ addonPath, cacheDir });
process.stdout.write('compiling\n');
await runner.warm(component);
await runner.close();
