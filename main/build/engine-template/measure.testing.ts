/**
 * Measures the builder on this machine and prints one JSON document: `node main/build/engine-template/measure.testing.ts
 * [edits]`. Times are milliseconds, seen from JavaScript.
 */
import path from 'node:path';
import { toolchain } from '../projects.testing.ts';
import { readWorld } from '../world.ts';
import { createTestEngine, type HostReply } from './engine.testing.ts';
import { createTemplateShop } from './native.testing.ts';

const EDITS = Number(process.argv[2] ?? 100);
const never = new AbortController().signal;
const REQUEST = {
  context: { tenantId: 't', extensionId: 'e' },
  http: { method: 'GET', url: '/x', headers: [] },
};
const noHost = (): HostReply => {
  throw new Error('There is no host.');
};

const sourceOf = (edit: number, filler: number): string =>
  `import { logInfo } from 'alga:extension/logging';
${Array.from({ length: filler }, (_, i) => `export const f${i} = (a, b) => a * ${i} + b; // ${'x'.repeat(40)}`).join('\n')}
export function handler({ http }) {
  logInfo(http.url);
  return { status: 200, headers: [], body: new TextEncoder().encode(JSON.stringify({ edit: ${edit}, url: http.url })) };
}`;

const shop = await createTemplateShop(true);
try {
  const { wit } = await readWorld(shop.cacheDir, toolchain);
  const [firstTemplate, template] = await timed(() =>
    shop.templates.get(wit, 'release', never, () => undefined),
  );
  const engine = createTestEngine(shop.addon.Engine, { cacheDir: shop.compiledDir });
  const [firstBase, base] = await timed(() => engine.loadImageBase(template));
  const loads: number[] = [];
  const toAnswer: number[] = [];
  const following: number[] = [];
  const releases: number[] = [];
  for (let edit = 0; edit < EDITS; edit += 1) {
    const text = sourceOf(edit, 0);
    const started = performance.now();
    const source = await template.load(text, shop.native.cancelToken());
    const component = base.withMemory(source);
    const outcome = await component.execute(REQUEST, noHost);
    toAnswer.push(performance.now() - started);
    loads.push(source.ms);
    if (!(outcome.response?.body?.toString() ?? '').includes(`"edit":${edit},`))
      throw new Error('A stale answer.');
    for (let call = 0; call < 5; call += 1) {
      following.push((await timed(() => component.execute(REQUEST, noHost)))[0]);
    }
    if (edit % 5 === 0) {
      const again = await timed(async () => {
        const fresh = await template.load(text, shop.native.cancelToken());
        await fresh.writeComponent(path.join(shop.cacheDir, 'release.wasm'));
        fresh.dispose();
      });
      releases.push(again[0]);
    }
    source.dispose();
  }
  const [largeLoad, large] = await timed(() => template.load(sourceOf(0, 2_600), shop.native.cancelToken()));
  large.dispose();
  const [compile, release] = await timed(() => engine.load(path.join(shop.cacheDir, 'release.wasm')));
  const ordinary: number[] = [];
  for (let call = 0; call < 200; call += 1) {
    ordinary.push((await timed(() => release.execute(REQUEST, noHost)))[0]);
  }
  const result = {
    templateMadeAndCompiled: round(firstTemplate),
    imageBaseCompiled: round(firstBase),
    load: spread(loads),
    editToAnswer: spread(toAnswer),
    followingCalls: spread(following),
    releaseFile: spread(releases),
    load200KB: round(largeLoad),
    releaseCompiled: round(compile),
    releaseCalls: spread(ordinary),
  };
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  await shop.dispose();
}

async function timed<T>(work: () => Promise<T>): Promise<[ms: number, value: T]> {
  const started = performance.now();
  const value = await work();
  return [performance.now() - started, value];
}

function spread(times: readonly number[]): { p50: number; p95: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number => round(sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN);
  return { p50: at(0.5), p95: at(0.95) };
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
