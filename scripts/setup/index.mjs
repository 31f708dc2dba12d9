import { buildApp } from './app.mjs';
import { installDependencies } from './dependencies.mjs';
import { prepareEngines } from './engines.mjs';
import { buildNative } from './native.mjs';

/** Everything the command line needs; skipped step by step when nothing changed. */
export async function setUp() {
  await installDependencies();
  await buildNative();
  await buildApp();
  await prepareEngines();
}
