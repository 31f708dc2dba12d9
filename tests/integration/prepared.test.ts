import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildAndInstall, createFromTemplate, openCore, resourcesAt } from '../../main/services/index.ts';
import { root, temporaryFolder } from '../support/workbench.ts';

test('the first bundle on a machine runs on the code that came with the workbench', async () => {
  await using folder = await temporaryFolder();
  const project = path.join(folder.path, 'project');
  const dataDir = path.join(folder.path, 'data');
  const resources = resourcesAt(root);
  await createFromTemplate({ templatesDir: resources.templatesDir, templateId: 'handler', folder: project });
  const core = await openCore(dataDir, resources);
  const compiled = async (): Promise<string[]> =>
    (await readdir(path.join(dataDir, 'cache', 'compiled'))).filter(name => name.endsWith('.cwasm'));
  try {
    const before = await compiled();
    const { install } = await buildAndInstall(project, core, core.build);
    await core.runner.warm(install?.componentPath ?? '');
    // Compiling would have left the code that builds share, too.
    expect((await compiled()).filter(name => !before.includes(name))).toHaveLength(1);
    expect(before.length).toBeGreaterThan(0);
  } finally {
    await core.close();
  }
});
