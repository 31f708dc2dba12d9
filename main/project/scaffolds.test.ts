import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../contract/index.ts';
import { lintManifest, parseManifest } from '../manifest/index.ts';
import { textOf, temporaryFolders } from './folders.testing.ts';
import { applyFix, diagnoseProject, readProject, type FixResources } from './index.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CLI = join(ROOT, 'node_modules/@alga-psa/cli/dist/cli.js');
const RESOURCES: FixResources = {
  witFile: join(ROOT, 'wit/alga-extension/2026-08/extension-runner.wit'),
  templatesDir: join(ROOT, 'templates'),
};

const folder = temporaryFolders();

/** Runs the published command line, as an author would. */
function scaffold(...args: string[]): string {
  const parent = folder();
  execFileSync(process.execPath, [CLI, 'create', ...args, '--dir', parent], { stdio: 'pipe' });
  return join(parent, args[1] ?? '');
}

/** What `xwb check` shows: the project's, the manifest's rules and its lints. */
async function check(project: string): Promise<Problem[]> {
  const read = await readProject(project);
  const text = read.manifestText ?? '';
  const { manifest, problems } = parseManifest(text);
  return [...(await diagnoseProject(read)), ...problems, ...(manifest ? lintManifest(text, manifest) : [])];
}

function places(problems: readonly Problem[]): string[] {
  return problems
    .filter(problem => problem.severity !== 'info')
    .map(
      ({ severity, code, file, line, column, fix }) =>
        `${severity} ${code} ${file ?? ''}:${line ?? ''}:${column ?? ''} ${fix?.id ?? '-'}`,
    )
    .sort();
}

/** Applies every fix there is, looking again after each, as the window does. */
async function fixAll(project: string): Promise<string[]> {
  const applied: string[] = [];
  for (;;) {
    const fix = (await check(project)).find(problem => problem.fix)?.fix;
    if (fix === undefined) return applied;
    expect(applied, 'a fix must mend what it is offered for').not.toContain(fix.id);
    await applyFix(project, fix.id, RESOURCES);
    applied.push(fix.id);
  }
}

describe('projects of the official command line (spec 11.3)', () => {
  it('create component', async () => {
    const project = scaffold('component', 'my-component');
    expect(places(await check(project))).toEqual([
      'error manifest.unknown-field manifest.json:6:3 manifest.unknown-field:entry',
      'error project.invalid-wit wit/extension-runner.wit:9:1 project.invalid-wit',
      'error project.no-endpoints manifest.json:1:1 project.no-endpoints',
      'error project.package-range package.json:13:36 project.package-range:@alga-psa/extension-runtime',
      'error project.package-range package.json:16:22 project.package-range:@alga-psa/cli',
      'warning project.placeholder-publisher manifest.json:3:16 project.placeholder-publisher',
    ]);
    for (const problem of await check(project)) {
      expect(problem.help, problem.code).toBeTruthy();
      expect(problem.frame, problem.code).toContain('> ');
    }

    expect((await fixAll(project)).sort()).toEqual([
      'manifest.unknown-field:entry',
      'project.invalid-wit',
      'project.no-endpoints',
      'project.package-range:@alga-psa/cli',
      'project.package-range:@alga-psa/extension-runtime',
      'project.placeholder-publisher',
    ]);
    expect(places(await check(project))).toEqual([]);
    expect(parseManifest(textOf(project, 'manifest.json')).manifest?.endpoints).toEqual([
      { method: 'GET', path: '/', handler: 'handler' },
    ]);
    expect(textOf(project, 'package.json')).toContain('"@alga-psa/extension-runtime": "^0.3.0"');
    expect(textOf(project, 'wit/extension-runner.wit')).toContain('world runner');
  });

  it('says, without alarm, how the official build and ours differ', async () => {
    const project = scaffold('component', 'my-component');
    const notes = (await check(project)).filter(problem => problem.severity === 'info');
    expect(notes.map(note => `${note.code}:${note.line}`)).toEqual([
      'project.alga-build-script:8',
      'project.missing-build-tools:8',
    ]);
    expect(notes[1]?.message).toContain('typescript, esbuild, @bytecodealliance/jco');
  });

  it('create extension, template basic', async () => {
    const project = scaffold('extension', 'my-page');
    expect(places(await check(project))).toEqual([
      'warning manifest.dead-field manifest.json:13:3 -',
      'warning project.placeholder-publisher manifest.json:3:16 project.placeholder-publisher',
      'warning ui.modal-blocked ui/index.js:2:3 -',
    ]);
    await fixAll(project);
    expect((await check(project)).filter(problem => problem.severity === 'error')).toEqual([]);
    expect(parseManifest(textOf(project, 'manifest.json')).manifest?.name).toBe('my-page');
    expect((await readProject(project)).shape).toEqual({
      hasHandler: false,
      hasUi: true,
      hasPackageJson: true,
      buildScript: 'node ./scripts/build.mjs',
    });
  });

  it('create extension, template ui-gallery', async () => {
    const project = scaffold('extension', 'my-gallery', '--template', 'ui-gallery');
    expect(places(await check(project))).toEqual([
      'warning manifest.dead-field manifest.json:13:3 -',
      'warning project.package-range package.json:10:25 project.package-range:@alga-psa/ui-kit',
      'warning project.placeholder-publisher manifest.json:3:16 project.placeholder-publisher',
    ]);
    await fixAll(project);
    expect((await check(project)).filter(problem => problem.fix !== undefined)).toEqual([]);
    expect(textOf(project, 'package.json')).toContain('"@alga-psa/ui-kit": "^0.2.0"');
  });

  it('keeps what it does not mend as it was, to the byte', async () => {
    const project = scaffold('component', 'my-component');
    const before = textOf(project, 'manifest.json');
    await applyFix(project, 'manifest.unknown-field:entry', RESOURCES);
    expect(textOf(project, 'manifest.json')).toBe(before.replace('  "entry": "dist/main.wasm",\n', ''));
    const packageJson = textOf(project, 'package.json');
    await applyFix(project, 'project.package-range:@alga-psa/cli', RESOURCES);
    expect(textOf(project, 'package.json')).toBe(packageJson.replace('cli": "^0.1.0"', 'cli": "^0.2.0"'));
  });
});
