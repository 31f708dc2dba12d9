import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createFromTemplate, resourcesAt } from '../../main/services/index.ts';
import { OpenProject } from '../support/open-project.ts';
import { root, temporaryFolder } from '../support/workbench.ts';

const PACKAGES = ['vite', '@alga-psa/extension-iframe-sdk'];

/** The *UI and handler* template with a Vite of its own, configured so. */
async function viteProject(project: string, config: string): Promise<void> {
  const { templatesDir } = resourcesAt(root);
  await createFromTemplate({ templatesDir, templateId: 'ui-handler', folder: project });
  const file = path.join(project, 'package.json');
  const found = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...found, devDependencies: { vite: '*' } }));
  await writeFile(path.join(project, 'vite.config.js'), config);
  for (const name of PACKAGES) {
    const place = path.join(project, 'node_modules', name);
    await mkdir(path.dirname(place), { recursive: true });
    await symlink(path.join(root, 'node_modules', name), place);
  }
}

test('a project whose Vite does not serve has its page built, is told why, and is served once that is mended', async ({
  signal,
}) => {
  await using folder = await temporaryFolder();
  const project = path.join(folder.path, 'stubborn');
  const refusing = `if (command === 'serve') throw new Error('Serve it yourself');`;
  await viteProject(project, `export default ({ command }) => { ${refusing} return { root: 'ui' }; };`);
  await using opened = await OpenProject.open(path.join(folder.path, 'data'), project);
  const told = (): boolean =>
    opened.build.problems.some(
      ({ code, severity, message }) =>
        code === 'ui.no-page-server' && severity === 'warning' && message.includes('Serve it yourself'),
    );
  await opened.until(() => Promise.resolve(told()), signal);
  await opened.packed();
  expect((await opened.page()).text).toMatch(/src="\.\/assets\/index-[\w-]+\.js"/);

  await writeFile(path.join(project, 'vite.config.js'), `export default { root: 'ui' };`);
  await opened.until(async () => (await opened.page()).text.includes('@vite/client'), signal);
  expect(told()).toBe(false);
});

test('the bundle of a project whose Vite serves its pages is built all the same', async ({ signal }) => {
  await using folder = await temporaryFolder();
  const project = path.join(folder.path, 'served');
  await viteProject(project, `export default { root: 'ui' };`);
  await using opened = await OpenProject.open(path.join(folder.path, 'data'), project);
  await opened.packed();
  await opened.until(async () => (await opened.page()).text.includes('@vite/client'), signal);
  const before = opened.build.live?.hash;
  await writeFile(path.join(project, 'ui', 'extra.ts'), 'export {};');
  await opened.packed();
  expect(await readFile(path.join(project, 'dist', 'ui', 'index.html'), 'utf8')).toMatch(
    /\.\/assets\/index-/,
  );
  // What the server answers for is no new build.
  expect(opened.build.live?.hash).toBe(before);
});
