import { rm } from 'node:fs/promises';
import path from 'node:path';
import { modernNode, root } from '../lib/paths.mjs';
import { runOrExit, step } from '../lib/run.mjs';
import { hashOf, isFresh, markFresh } from '../lib/stamp.mjs';

/** Makes the JavaScript engines that extensions are built on, so that no first build has to. */
export async function prepareEngines() {
  const hash = hashOf(['native', 'wit', 'main/build', 'package-lock.json']);
  if (isFresh('engines', hash)) return;
  const engines = path.join(root, 'out/engines');
  await step('Preparing the JavaScript engines (once; about half a minute)', async () => {
    // Those of an earlier version would be packaged as well.
    await rm(engines, { recursive: true, force: true });
    await runOrExit('Preparing the JavaScript engines', modernNode(), [
      path.join(root, 'out/main/cli.js'),
      'prepare',
      engines,
    ]);
  });
  markFresh('engines', hash);
}
