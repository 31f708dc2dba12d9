import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { buildProject } from '../main/build/index.ts';
import { createRunner } from '../main/runner/index.ts';
import {
  createFromTemplate,
  createServices,
  openEngines,
  prepareEngines,
  resourcesAt,
  type Engines,
  type Resources,
} from '../main/services/index.ts';
import { EditLoop } from './edit-loop.ts';
import { growthOver } from './memory.ts';
import { WindowLoop } from './window-loop.ts';
import {
  atMost,
  percentile,
  ratioAtLeast,
  ratioAtMost,
  report,
  timed,
  type Report,
  type Row,
} from './report.ts';

const EDITS = 40;
const PAUSE_MS = 500;
const STORM = 1_000;
const TURNS = 15;
/** By then the allocator's heaps, of which each thread may use another, hold what they will keep. */
const WARM_UP = 200;
const OFFICIAL_BUILDS = 3;
/** The platform's would end the bench after sixty calls. */
const UNLIMITED = { capacity: 1e9, perSecond: 1e9 };

/** From a save to an answer on the *UI and handler* template, beside the official tool in the same run. */
export async function benchBuild(root: string): Promise<Report> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xwb-bench-'));
  const resources = resourcesAt(root);
  const project = path.join(folder, 'bench-extension');
  try {
    await createFromTemplate({
      templatesDir: resources.templatesDir,
      templateId: 'ui-handler',
      folder: project,
    });
    const first = await firstBuilds(folder, resources);
    const official = await officialWay(folder, project, resources);
    const services = await createServices({
      dataDir: path.join(folder, 'data'),
      resources,
      rateLimit: UNLIMITED,
    });
    const rows: Row[] = [];
    try {
      const loop = await EditLoop.open(services, project);
      rows.push(...(await edits(loop, official, folder, resources)), ...(await storm(loop, folder)));
    } finally {
      await services.close();
    }
    return report('build', [...rows, ...(await pagesInWindow(root, folder, resources)), ...first]);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Milliseconds of the official tool's way to the first answer of a changed handler. */
interface Official {
  readonly component: number;
  readonly answer: number;
}

async function officialWay(folder: string, project: string, resources: Resources): Promise<Official> {
  const component: number[] = [];
  const answer: number[] = [];
  for (let time = 0; time < OFFICIAL_BUILDS; time++) {
    const cacheDir = path.join(folder, `official-${time}`);
    const built = await buildProject(project, { cacheDir, toolchain: resources.toolchain });
    const stage = built.stages.find(({ name }) => name === 'component');
    if (!built.component || !stage) throw new Error('The official tool built nothing.');
    const runner = createRunner({
      addonPath: resources.addonPath,
      cacheDir: path.join(cacheDir, 'compiled'),
    });
    const started = performance.now();
    await runner.execute({
      componentPath: built.component.path,
      request: {
        context: { tenantId: 't', extensionId: 'e' },
        http: { method: 'GET', url: '/api/greeting', headers: [] },
      },
      limits: {},
      host: () => Promise.resolve({ value: { err: 'internal' } }),
    });
    component.push(stage.ms);
    answer.push(stage.ms + performance.now() - started);
    await runner.close();
  }
  return { component: percentile(component, 0.5), answer: percentile(answer, 0.5) };
}

async function edits(
  loop: EditLoop,
  official: Official,
  folder: string,
  resources: Resources,
): Promise<Row[]> {
  const handler = await loop.times(EDITS, PAUSE_MS, () => loop.editHandler());
  const calls = await bothKinds(loop);
  // The bundle of the last edit is packed by then.
  await loop.settled();
  const released = percentile(await releases(folder, resources), 0.5);
  const large = await loop.times(EDITS / 2, PAUSE_MS, () => loop.editHandler(200_000));
  await loop.editHandler();
  const page = await loop.times(EDITS, PAUSE_MS, () => loop.editPage());
  const manifest = await loop.times(EDITS, PAUSE_MS, () => loop.editManifest());
  const p50 = percentile(handler, 0.5);
  return [
    atMost('save of a handler to its first answer, p50', p50, 'ms', 50),
    atMost('save of a handler to its first answer, p95', percentile(handler, 0.95), 'ms', 100),
    ratioAtLeast('the same, against componentize, compile and call', official.answer, 'ms', p50, 100),
    atMost('200 KB of handler source, p95', percentile(large, 0.95), 'ms', 200),
    ratioAtMost(
      'call of a development build, against the release, p50',
      percentile(calls.development, 0.5),
      'ms',
      percentile(calls.release, 0.5),
      1.1,
    ),
    atMost('release component, p50', released, 'ms', 120),
    ratioAtLeast('the same, against the official tool', official.component, 'ms', released, 30),
    atMost('save of a UI file to its page at its address, p95', percentile(page, 0.95), 'ms', 200),
    atMost('save of the manifest to its endpoint, p95', percentile(manifest, 0.95), 'ms', 100),
  ];
}

/** The same saves as an author sees them: from the file to the text in the window's iframe. */
async function pagesInWindow(root: string, folder: string, resources: Resources): Promise<Row[]> {
  const executable = process.env['XWB_ELECTRON'];
  if (executable === undefined) throw new Error('XWB_ELECTRON is not set: run this with npm run bench.');
  const loop = await WindowLoop.open(root, folder, resources, executable);
  try {
    const shown = await loop.times(EDITS);
    return [
      atMost('save of a UI file until the window shows it, p50', percentile(shown, 0.5), 'ms', 200),
      atMost('save of a UI file until the window shows it, p95', percentile(shown, 0.95), 'ms', 200),
    ];
  } finally {
    await loop.close();
  }
}

/** Milliseconds of calls of both kinds, taken in turns: the machine's speed changes within seconds. */
async function bothKinds(loop: EditLoop): Promise<{ development: number[]; release: number[] }> {
  const calls = (): Promise<number[]> => timed(60, () => loop.call());
  const development: number[] = [];
  const release: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    development.push(...(await calls()));
    release.push(...(await loop.inRelease(calls)));
  }
  return { development, release };
}

/** Milliseconds of the component stage of ordinary builds, each of another source. */
async function releases(folder: string, resources: Resources): Promise<number[]> {
  const project = path.join(folder, 'released-extension');
  await createFromTemplate({ templatesDir: resources.templatesDir, templateId: 'handler', folder: project });
  const cacheDir = path.join(folder, 'data', 'cache');
  const engines = openEngines(cacheDir, resources, resources.preparedDir);
  const handler = path.join(project, 'src', 'handler.ts');
  const source = await readFile(handler, 'utf8');
  const samples: number[] = [];
  for (let at = 0; at < 11; at++) {
    await writeFile(handler, `${source}\nexport const revision = ${at};\n`);
    const { stages } = await buildProject(project, {
      cacheDir: path.join(cacheDir, 'build'),
      toolchain: resources.toolchain,
      templates: engines.templates,
    });
    samples.push(stages.find(({ name }) => name === 'component')?.ms ?? Number.NaN);
  }
  await engines.templates.close();
  await engines.runner.close();
  // The first of a process reads what the others share.
  return samples.slice(1);
}

/** Many edits as fast as they are answered: what stays behind, and how long the event loop is held. */
async function storm(loop: EditLoop, folder: string): Promise<Row[]> {
  await loop.times(WARM_UP, 0, () => loop.editHandler());
  await loop.settled();
  const files = await count(folder);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const grown = await growthOver(async () => {
    delay.enable();
    await loop.times(STORM, 0, () => loop.editHandler());
    delay.disable();
    await loop.settled();
  });
  return [
    atMost(`event loop while ${STORM} edits are answered, p99`, delay.percentile(99) / 1e6, 'ms', 20),
    atMost(`resident memory after ${STORM} edits, growth`, grown, '%', 5),
    atMost(`files left behind by ${STORM} edits`, (await count(folder)) - files, 'count', 0),
  ];
}

/** Sources, stagings and temporary files that nobody names any more. */
async function count(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  return names.filter(name => /(?:^|\/)(?:source-|\.making-|\.main\.wasm\.|\.ui\.)|\/staging\/./.test(name))
    .length;
}

/** What the first build of a machine waits for: with nothing prepared, and as the workbench comes. */
async function firstBuilds(folder: string, resources: Resources): Promise<Row[]> {
  const made = await engineReady(openEngines(path.join(folder, 'first'), resources), resources);
  const engines = openEngines(path.join(folder, 'second'), resources, resources.preparedDir);
  const placed = await engineReady(engines, resources);
  return [
    atMost('engine of the first build on a new machine, made', made, 'ms', 15_000),
    atMost('the same, as it comes with the workbench', placed, 'ms', 1_000),
  ];
}

async function engineReady(engines: Engines, resources: Resources): Promise<number> {
  const started = performance.now();
  await prepareEngines(engines, resources, new AbortController().signal, () => undefined, ['development']);
  const ms = performance.now() - started;
  await engines.templates.close();
  await engines.runner.close();
  return ms;
}
