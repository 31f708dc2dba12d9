import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toolchain } from '../projects.testing.ts';
import type { NativeBuilding, NativeCancelToken, NativeSource, NativeTemplate } from './native.ts';
import { createEngineTemplates, type EngineTemplates } from './templates.ts';

/** Stands in for the process that makes templates: what it does is told by the first line of the WIT. */
const WORKER = `
import { appendFileSync, writeFileSync } from 'node:fs';
process.once('message', ({ wit, key, folder }) => {
  appendFileSync(new URL('./runs.txt', import.meta.url), String(process.pid) + '\\n');
  process.send({ progress: 'working on ' + wit });
  if (wit.startsWith('hang')) { setInterval(() => {}, 1000); return; }
  if (wit.startsWith('refuse')) { process.send({ ok: false, message: 'no such world', full: wit.includes('full') }, () => process.exit(0)); return; }
  if (wit.startsWith('die')) process.exit(3);
  writeFileSync(folder + '/recipe.json', key);
  process.send({ ok: true }, () => process.exit(0));
});
process.once('disconnect', () => process.exit(1));
`;

/** An Error as the addon gives it. */
export function coded(code: string, more: object = {}): Error {
  return Object.assign(new Error(`Failed as ${code}`), { code, ...more });
}

/** A source that counts its disposals. */
export interface FakeSource extends NativeSource {
  disposed: number;
}

/** How the stand-in for the engine loads a source: gives nothing when all is well, else the error. */
export type Loading = (source: string, token: NativeCancelToken) => Promise<Error | undefined>;

export interface FakeShop {
  readonly root: string;
  readonly native: NativeBuilding;
  readonly templates: EngineTemplates;
  /** Every source that was loaded. */
  readonly sources: FakeSource[];
  readonly opened: string[];
  /** Process ids of the workers that ran. */
  runs(): Promise<number[]>;
  /** Names below the folder of the templates. */
  listed(): Promise<string[]>;
  again(): EngineTemplates;
  /** From now on the native builder is a newer one. */
  upgrade(): void;
  dispose(): Promise<void>;
}

/** Templates with a stand-in for tool and addon. A template is damaged when it has a file `damaged`. */
export async function createFakeShop(loading: Loading = () => Promise.resolve(undefined)): Promise<FakeShop> {
  const root = await mkdtemp(path.join(tmpdir(), 'fake shop-'));
  const worker = path.join(root, 'worker.mjs');
  await writeFile(worker, WORKER);
  const sources: FakeSource[] = [];
  const opened: string[] = [];
  let version = 'fake';
  const native = fakeNative(sources, opened, loading, () => version);
  const make = (): EngineTemplates => createEngineTemplates({ cacheDir: root, toolchain, worker, native });
  const owners = [make()];
  const [templates] = owners as [EngineTemplates];
  return {
    root,
    native,
    templates,
    sources,
    opened,
    async runs() {
      const text = await readFile(path.join(root, 'runs.txt'), 'utf8').catch(() => '');
      return text.split('\n').filter(Boolean).map(Number);
    },
    listed: () => readdir(path.join(root, 'engine-template')).catch(() => []),
    again() {
      const another = make();
      owners.push(another);
      return another;
    },
    upgrade() {
      version = 'newer fake';
    },
    async dispose() {
      for (const owner of owners) await owner.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function fakeNative(
  sources: FakeSource[],
  opened: string[],
  loading: Loading,
  version: () => string,
): NativeBuilding {
  const template = (key: string): NativeTemplate => ({
    key,
    async load(text, token) {
      const failed = await loading(text, token);
      if (failed) throw failed;
      const source = fakeSource(`${key.slice(0, 8)} ${text}`);
      sources.push(source);
      return source;
    },
  });
  return {
    builder: {
      get version() {
        return version();
      },
      async sealTemplate(folder) {
        const key = await readFile(path.join(folder, 'recipe.json'), 'utf8');
        await writeFile(path.join(folder, 'template.json'), key);
        return key;
      },
      async openTemplate(folder) {
        if ((await readdir(folder)).includes('damaged')) throw coded('template.damaged');
        opened.push(folder);
        return template(await readFile(path.join(folder, 'template.json'), 'utf8'));
      },
    },
    cancelToken() {
      const controller = new AbortController();
      return {
        get isCancelled() {
          return controller.signal.aborted;
        },
        cancel: () => controller.abort(),
      };
    },
  };
}

function fakeSource(id: string): FakeSource {
  return {
    id,
    ms: 1,
    disposed: 0,
    async writeComponent(file) {
      await writeFile(file, `component of ${id}`);
      return { bytes: 1, ms: 1 };
    },
    dispose() {
      this.disposed += 1;
    },
  };
}
