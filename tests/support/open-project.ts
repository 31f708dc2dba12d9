import type { BuildState } from '../../contract/index.ts';
import { createServices, resourcesAt, type Services } from '../../main/services/index.ts';
import { root } from './workbench.ts';

/** The platform's would end a test after sixty calls. */
const UNLIMITED = { capacity: 1e9, perSecond: 1e9 };

/** What one request was answered with. */
export interface Reply {
  readonly status: number;
  /** Hash of the build that answered (`x-xwb-build`). */
  readonly build: string | undefined;
  readonly text: string;
}

/** The whole workbench without its window, in this process, with one project open. */
export class OpenProject {
  readonly #services: Services;
  readonly #projectId: string;

  private constructor(services: Services, projectId: string) {
    this.#services = services;
    this.#projectId = projectId;
  }

  /** Opens the folder; resolves before its first build has begun. */
  static async open(dataDir: string, folder: string): Promise<OpenProject> {
    const services = await createServices({ dataDir, resources: resourcesAt(root), rateLimit: UNLIMITED });
    try {
      return new OpenProject(services, await services.workspace.open(folder));
    } catch (error) {
      await services.close();
      throw error;
    }
  }

  get build(): BuildState {
    return this.#services.workspace.session(this.#projectId).view.build;
  }

  /** Waits for the bundle of what was saved. */
  async packed(): Promise<void> {
    const { ok, problems } = await this.#services.workspace.session(this.#projectId).settled();
    if (!ok) throw new Error(JSON.stringify(problems));
  }

  onChange(listener: (build: BuildState) => void): () => void {
    return this.#services.workspace.onChange(() => listener(this.build));
  }

  /** Waits until it holds; looks again whenever the build's state has changed. Rejects on abort. */
  async until(holds: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    for (;;) {
      const { promise: changed, resolve, reject } = Promise.withResolvers<undefined>();
      const stop = this.onChange(() => resolve(undefined));
      const abort = (): void => reject(new Error('It never came to that.', { cause: signal.reason }));
      signal.addEventListener('abort', abort);
      changed.catch(() => undefined);
      try {
        if (await holds()) return;
        signal.throwIfAborted();
        await changed;
      } finally {
        stop();
        signal.removeEventListener('abort', abort);
      }
    }
  }

  /** Calls the handler through the gateway. */
  call(address: string): Promise<Reply> {
    const { url, apiKey } = this.#services.gateway;
    return reply(`${url}/api/ext-proxy/${this.#install().registryId}${address}`, { 'x-api-key': apiKey });
  }

  /** Fetches the extension's page from its address of this moment. */
  page(): Promise<Reply> {
    return reply(this.#install().uiUrl ?? '', {});
  }

  close(): Promise<void> {
    return this.#services.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #install(): ReturnType<Services['state']>['installs'][number] {
    const [install] = this.#services.state().installs;
    if (!install) throw new Error('Nothing is installed.');
    return install;
  }
}

async function reply(url: string, headers: Record<string, string>): Promise<Reply> {
  const response = await fetch(url, { headers });
  const build = response.headers.get('x-xwb-build') ?? undefined;
  return { status: response.status, build, text: await response.text() };
}
