/**
 * Gets the platform's template in a data folder and prints its key and a component's hash: one of several processes that
 * do so at the same time.
 */
import path from 'node:path';
import { hashFile } from '../files.ts';
import { toolchain } from '../projects.testing.ts';
import { platformWorld } from '../world.ts';
import { createTemplatesIn } from './native.testing.ts';

const SOURCE = 'export const handler = () => ({ status: 200, headers: [] });';
const [dataDir = '', own = ''] = process.argv.slice(2);

const { templates, native } = createTemplatesIn(dataDir);
const { wit } = await platformWorld(toolchain);
const template = await templates.get(wit, 'release', new AbortController().signal, () => undefined);
const source = await template.load(SOURCE, native.cancelToken());
const file = path.join(dataDir, `${own}.wasm`);
await source.writeComponent(file);
source.dispose();
await templates.close();
process.stdout.write(`${template.key} ${await hashFile(file)}`);
