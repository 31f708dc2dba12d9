import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { BuildDocument, RunDocument } from '../support/documents.ts';
import { serve, temporaryFolder, xwb, xwbJson } from '../support/workbench.ts';

const ManifestFile = z.object({
  api: z.object({ endpoints: z.array(z.object({ method: z.string(), path: z.string() })) }).optional(),
});

// `ui-handler` goes the whole way in cli.test.ts and in the end-to-end tests.
test.each(['react-ui-kit', 'handler', 'ui'])(
  'the template %s builds, packs, installs and answers',
  async template => {
    await using folder = await temporaryFolder();
    const data = path.join(folder.path, 'data');
    const project = path.join(folder.path, template);
    await xwb(data, 'new', template, project);
    const build = await xwbJson(BuildDocument, data, 'build', project);
    expect(build.json.problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(build.json.ok).toBe(true);

    const manifest = ManifestFile.parse(
      JSON.parse(await readFile(path.join(project, 'manifest.json'), 'utf8')),
    );
    for (const endpoint of manifest.api?.endpoints ?? []) {
      if (endpoint.method !== 'GET' || endpoint.path.includes(':')) continue;
      const run = await xwbJson(RunDocument, data, 'run', project, '--path', endpoint.path);
      expect(run.json, endpoint.path).toMatchObject({ status: 200, error: null });
    }

    await using running = await serve(data, project);
    const [extension] = running.served.extensions;
    if (template === 'handler') {
      expect(extension?.uiUrl).toBeNull();
      return;
    }
    const page = await fetch(extension?.uiUrl ?? '');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    for (const [, asset] of html.matchAll(/(?:src|href)="(\.\/[^"]+)"/g)) {
      const answer = await fetch(new URL(asset ?? '', page.url));
      expect(answer.headers.get('content-type'), asset).not.toBe('text/html');
      expect(answer.status, asset).toBe(200);
    }
  },
);
