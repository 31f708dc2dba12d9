import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractBundle } from '../bundle/index.ts';
import { parseManifest } from '../manifest/index.ts';
import { createFromTemplate, listTemplates } from '../project/index.ts';
import { listFiles } from './files.ts';
import { createWorkplace, ROOT, toolchain, writeInto, type Workplace } from './projects.testing.ts';

/** These run the real component tool, a few seconds each: keep their number small. */
const templatesDir = path.join(ROOT, 'templates');

let place: Workplace;
let extracted: string;
beforeAll(async () => {
  place = await createWorkplace();
  extracted = await mkdtemp(path.join(tmpdir(), 'extracted-'));
});
afterAll(async () => {
  await place.dispose();
  await rm(extracted, { recursive: true, force: true });
});

const WITH_COMPONENT = ['dist/main.wasm', 'manifest.json'];
const EXPECTED: Record<string, { ran: string; files: string[] }> = {
  'ui-handler': {
    ran: 'check dependencies* handler component ui pack',
    files: [...WITH_COMPONENT, 'ui/index.html', 'ui/main.js', 'ui/styles.css'],
  },
  'react-ui-kit': {
    ran: 'check dependencies* handler component ui pack',
    files: [...WITH_COMPONENT, 'ui/index.html', 'ui/main.js', 'ui/styles.css'],
  },
  handler: { ran: 'check dependencies* handler component pack', files: WITH_COMPONENT },
  ui: {
    ran: 'check dependencies* ui pack',
    files: ['manifest.json', 'ui/index.html', 'ui/main.js', 'ui/styles.css'],
  },
};

describe('templates', () => {
  it('are the four that the command line promises, in order', async () => {
    expect((await listTemplates(templatesDir)).map(({ id }) => id)).toEqual(Object.keys(EXPECTED));
  });

  describe.each(Object.entries(EXPECTED))('%s', (templateId, expected) => {
    it('builds green at once, without npm', { timeout: 300_000 }, async () => {
      const folder = path.join(place.root, `my ${templateId}`);
      await createFromTemplate({ templatesDir, templateId, folder });
      const result = await place.build(folder, { toolchain, offline: true });
      expect(result.problems.filter(problem => problem.severity !== 'info')).toEqual([]);
      expect(result.ok).toBe(true);
      expect(result.ran).toBe(expected.ran);

      const bundle = await extractBundle(result.bundle?.path ?? '', { cacheDir: extracted });
      expect(bundle.warnings).toEqual([]);
      const files = (await listFiles(bundle.dir)).map(name => name.replace(/^bundle\//, ''));
      expect(files).toEqual(expect.arrayContaining(expected.files));
      await expectPortable(bundle.uiDir);
      expectUseful(bundle.manifestText ?? '', `my-${templateId}`);

      expect((await place.build(folder, { toolchain, offline: true })).ran).toBe(
        expected.ran
          .replaceAll(/(\w) |(\w)$/g, '$1$2* ')
          .replace('check* ', 'check ')
          .trim(),
      );
    });
  });

  it('tells where a handler throws while it is loaded', { timeout: 300_000 }, async () => {
    const folder = path.join(place.root, 'throws');
    await createFromTemplate({ templatesDir, templateId: 'handler', folder });
    const text = await readFile(path.join(folder, 'src', 'counters.ts'), 'utf8');
    const lines = text.trimEnd().split('\n').length;
    const throwing = `export const first = startValue();\nfunction startValue(): never {\n  throw new Error('no value yet');\n}\n`;
    await writeInto(folder, 'src/counters.ts', `${text.trimEnd()}\n${throwing}`);
    const result = await place.build(folder, { toolchain, offline: true });
    expect(result).toMatchObject({ ok: false, ran: 'check dependencies* handler component' });
    expect(result.problems).toMatchObject([
      {
        code: 'build.top-level-throw',
        severity: 'error',
        file: 'src/counters.ts',
        line: lines + 3,
        message: expect.stringContaining('no value yet') as string,
        frame: expect.stringContaining(`throw new Error('no value yet');`) as string,
      },
    ]);
  });
});

/** Nothing of this machine goes out with a bundle, and every file is of a kind that the platform serves (spec 5.3). */
async function expectPortable(uiDir: string | undefined): Promise<void> {
  if (uiDir === undefined) return;
  for (const name of await listFiles(uiDir)) {
    expect(name).toMatch(/\.(?:html|js|css|json|map|svg|png|jpe?g|webp|woff2?)$/);
    expect(await readFile(path.join(uiDir, name), 'utf8')).not.toContain(ROOT);
  }
  const page = await readFile(path.join(uiDir, 'index.html'), 'utf8');
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|(?:src|href)="\//);
}

function expectUseful(manifestText: string, name: string): void {
  const { manifest, problems } = parseManifest(manifestText);
  expect(problems).toEqual([]);
  expect(manifest).toMatchObject({ name, publisher: expect.stringMatching(/\w/) as string });
}
