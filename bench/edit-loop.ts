import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BuildKind, BuildState } from '../contract/index.ts';
import type { Services } from '../main/services/index.ts';

/** Answers `GET /api/greeting`, and any path below, with one number. */
const handlerOf = (revision: number, padding: number): string => `
export function handler(request) {
  const body = new TextEncoder().encode(JSON.stringify({ revision: ${revision} }));
  return { status: 200, headers: [{ name: 'content-type', value: 'application/json' }], body };
}
${paddingOf(padding)}`;

/** Functions that are used by nobody, and kept by the bundler for their effect. */
function paddingOf(bytes: number): string {
  let text = '';
  for (let at = 0; text.length < bytes; at++) {
    text += `globalThis.f${at} = (a, b) => { let sum = ${at}; for (const each of [a, b, ${at % 97}]) sum += each * 31; return sum; };\n`;
  }
  return text;
}

const Manifest = (text: string): { api: { endpoints: object[] }; [key: string]: unknown } =>
  JSON.parse(text) as ReturnType<typeof Manifest>;

/** One open project, edited on disk as an author does, and asked through the gateway until the edit is answered. */
export class EditLoop {
  readonly #services: Services;
  readonly #projectId: string;
  readonly #folder: string;
  readonly #registryId: string;
  #revision = 0;

  private constructor(services: Services, projectId: string, folder: string, registryId: string) {
    this.#services = services;
    this.#projectId = projectId;
    this.#folder = folder;
    this.#registryId = registryId;
  }

  static async open(services: Services, folder: string): Promise<EditLoop> {
    const projectId = await services.workspace.open(folder);
    const result = await services.workspace.session(projectId).settled();
    const [install] = services.state().installs;
    if (!result.ok || !install) throw new Error('The template did not build.');
    return new EditLoop(services, projectId, folder, install.registryId);
  }

  /** Milliseconds of each of so many edits, `pauseMs` apart: an author looks at what happened before the next. */
  async times(count: number, pauseMs: number, edit: () => Promise<void>): Promise<number[]> {
    await edit();
    const samples: number[] = [];
    for (let at = 0; at < count; at++) {
      await delay(pauseMs);
      const started = performance.now();
      await edit();
      samples.push(performance.now() - started);
    }
    return samples;
  }

  /** Saves another handler and waits for its answer. */
  async editHandler(padding = 0): Promise<void> {
    const revision = ++this.#revision;
    await this.#save('src/handler.ts', handlerOf(revision, padding));
    const answer = await this.call();
    if (!answer.includes(`"revision":${revision}}`)) throw new Error(`A stale answer: ${answer}`);
  }

  /** Saves another page and waits until the page's own address gives it. */
  async editPage(): Promise<void> {
    const mark = `<!-- ${++this.#revision} -->`;
    const file = path.join(this.#folder, 'ui', 'index.html');
    const text = await readFile(file, 'utf8');
    await this.#save('ui/index.html', `${text.replace(/\n<!-- \d+ -->$/, '')}\n${mark}`);
    const { uiUrl } = this.#install();
    const page = await (await fetch(uiUrl ?? '')).text();
    if (!page.includes(mark)) throw new Error('A stale page.');
  }

  /** Saves another endpoint and waits until it may be called. */
  async editManifest(): Promise<void> {
    const text = await readFile(path.join(this.#folder, 'manifest.json'), 'utf8');
    const manifest = Manifest(text);
    const endpoint = { method: 'GET', path: `/api/bench/${++this.#revision}`, handler: 'handler' };
    const kept = manifest.api.endpoints.filter(each => !JSON.stringify(each).includes('/api/bench/'));
    const changed = { ...manifest, api: { ...manifest.api, endpoints: [...kept, endpoint] } };
    await this.#save('manifest.json', JSON.stringify(changed, undefined, 2));
    const response = await this.#fetch(endpoint.path);
    if (response.status !== 200) throw new Error(`The new endpoint answered ${response.status}.`);
  }

  /** One call through the gateway. */
  async call(): Promise<string> {
    return await (await this.#fetch('/api/greeting')).text();
  }

  async settled(): Promise<void> {
    await this.#session.settled();
  }

  /** Runs some work while the handler runs as it is published. */
  async inRelease<T>(work: () => Promise<T>): Promise<T> {
    const { workspace } = this.#services;
    const choose = (kind: BuildKind): Promise<void> =>
      this.#until(
        ({ live }) => live?.kind === kind,
        () => workspace.setKind(this.#projectId, kind),
      );
    await choose('release');
    const result = await work();
    await choose('development');
    return result;
  }

  /** Writes a file and waits until the build of it answers. */
  async #save(name: string, text: string): Promise<void> {
    const before = this.#session.view.build.live?.hash;
    await this.#until(
      ({ live }) => live !== undefined && live.hash !== before,
      () => writeFile(path.join(this.#folder, name), text),
    );
  }

  async #until(reached: (build: BuildState) => boolean, begin: () => unknown): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const stop = this.#services.workspace.onChange(() => {
      const { build } = this.#session.view;
      if (reached(build)) resolve(undefined);
      else if (build.status === 'failed') reject(new Error(JSON.stringify(build.problems)));
    });
    try {
      await begin();
      await promise;
    } finally {
      stop();
    }
  }

  get #session(): ReturnType<Services['workspace']['session']> {
    return this.#services.workspace.session(this.#projectId);
  }

  #install(): ReturnType<Services['state']>['installs'][number] {
    const [install] = this.#services.state().installs;
    if (!install) throw new Error('Nothing is installed.');
    return install;
  }

  #fetch(address: string): Promise<Response> {
    const { url, apiKey } = this.#services.gateway;
    return fetch(`${url}/api/ext-proxy/${this.#registryId}${address}`, { headers: { 'x-api-key': apiKey } });
  }
}
