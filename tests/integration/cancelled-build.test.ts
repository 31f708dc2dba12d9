import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { BuildState } from '../../contract/index.ts';
import { createFromTemplate, createServices, resourcesAt } from '../../main/services/index.ts';
import { root, temporaryFolder } from '../support/workbench.ts';

test('a cancelled build lists the problems it found itself, never those of an older state', async () => {
  await using folder = await temporaryFolder();
  const resources = resourcesAt(root);
  const project = path.join(folder.path, 'cancelled');
  await createFromTemplate({
    templatesDir: resources.templatesDir,
    templateId: 'ui-handler',
    folder: project,
  });
  const services = await createServices({ dataDir: path.join(folder.path, 'data'), resources });
  try {
    const id = await services.workspace.open(project);
    const session = services.workspace.session(id);
    expect((await session.settled()).ok).toBe(true);
    const state = (): BuildState => session.view.build;
    const reached = async (holds: (build: BuildState) => boolean, act: () => unknown): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const stop = services.workspace.onChange(() => {
        if (holds(state())) resolve(undefined);
      });
      await act();
      await promise;
      stop();
    };
    const file = path.join(project, 'src', 'handler.ts');
    const good = await readFile(file, 'utf8');
    await reached(
      build => build.status === 'failed',
      () => writeFile(file, `${good}\nconst broken = ;`),
    );
    expect(state().problems).toMatchObject([{ severity: 'error', file: 'src/handler.ts' }]);

    // Stopped before anything was looked at.
    const stopped = session.build();
    session.cancel();
    await expect(stopped).rejects.toMatchObject({ code: 'build.cancelled' });
    expect(state()).toMatchObject({ status: 'cancelled', problems: [] });

    // Stopped while what was saved is packed: what is known of it stays.
    await reached(
      build => build.status === 'ok' && build.packing === true,
      () => writeFile(file, good),
    );
    const { problems, live } = state();
    await reached(
      build => build.status === 'cancelled',
      () => session.cancel(),
    );
    expect(state()).toMatchObject({ problems, live });
  } finally {
    await services.close();
  }
});
