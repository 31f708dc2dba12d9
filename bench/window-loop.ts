import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { createFromTemplate, createServices, type Resources } from '../main/services/index.ts';

const PATIENCE_MS = 60_000;
/** The platform lets an extension make a call a second, and sixty before that; each page makes three. */
const PAUSE_MS = 1_700;
const HEADING = '<h2>Notes</h2>';

/** Tells when the browser first showed this page's text; the page that is measured, and nothing else, says so. */
const PAINTED = `
new PerformanceObserver(list => {
  const [painted] = list.getEntriesByName('first-contentful-paint');
  const revision = document.querySelector('section:nth-of-type(2) h2')?.textContent;
  const at = performance.timeOrigin + (painted?.startTime ?? Number.NaN);
  if (painted) void api(bridge, '/api/painted', { method: 'POST', body: { revision, at } });
}).observe({ type: 'paint', buffered: true });
`;

/** The handler hands it on to the bench. */
const reportTo = (port: number): string => `
function report({ request }: Call) {
  http.fetch({ method: 'POST', url: 'http://127.0.0.1:${port}/', headers: [], body: request.http.body });
  return jsonResponse({});
}
`;

interface Painted {
  readonly revision: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * The application in its real window, without any tool attached, with a project of the *UI and handler* template open;
 * a page of it is saved again and again.
 */
export class WindowLoop {
  readonly #application: ChildProcess;
  readonly #reports: Reports;
  readonly #page: string;
  readonly #html: string;
  #revision = 0;

  private constructor(application: ChildProcess, reports: Reports, page: string, html: string) {
    this.#application = application;
    this.#reports = reports;
    this.#page = page;
    this.#html = html;
  }

  /** @param executable the Electron runtime; it needs a display */
  static async open(
    root: string,
    folder: string,
    resources: Resources,
    executable: string,
  ): Promise<WindowLoop> {
    const reports = await Reports.open();
    const project = path.join(folder, 'window-extension');
    const dataDir = path.join(folder, 'window-data');
    await makeProject(project, resources, reports.port);
    await remember(project, dataDir, resources);
    const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const application = spawn(executable, [...noSandbox, root, '--data-dir', dataDir], {
      stdio: 'ignore',
      env: { ...process.env, XWB_NO_GPU: '1' },
    });
    const page = path.join(project, 'ui', 'index.html');
    const loop = new WindowLoop(application, reports, page, await readFile(page, 'utf8'));
    try {
      await reports.next('Notes');
      // What the start does beside the page, and the first packing.
      await delay(5_000);
      return loop;
    } catch (error) {
      await loop.close();
      throw error;
    }
  }

  /** Milliseconds from each of so many saves until the browser shows the saved text; less than two seconds a save. */
  async times(count: number): Promise<number[]> {
    const samples: number[] = [];
    for (let at = 0; at <= count; at++) {
      const revision = `Notes ${++this.#revision}`;
      const painted = this.#reports.next(revision);
      const saved = performance.timeOrigin + performance.now();
      await writeFile(this.#page, this.#html.replace(HEADING, `<h2>${revision}</h2>`));
      samples.push((await painted) - saved);
      await delay(PAUSE_MS);
    }
    // The first finds nothing warm.
    return samples.slice(1);
  }

  async close(): Promise<void> {
    if (this.#application.exitCode === null) {
      const ended = once(this.#application, 'exit');
      this.#application.kill();
      await ended;
    }
    this.#reports.close();
  }
}

async function makeProject(project: string, { templatesDir }: Resources, port: number): Promise<void> {
  await createFromTemplate({ templatesDir, templateId: 'ui-handler', folder: project });
  const edit = async (file: string, change: (text: string) => string): Promise<void> => {
    const address = path.join(project, file);
    await writeFile(address, change(await readFile(address, 'utf8')));
  };
  await edit('ui/main.ts', source => source + PAINTED);
  await edit('src/handler.ts', source => {
    const first = `{ method: 'GET', path: '/api/greeting'`;
    const routed = source.replace(
      first,
      `{ method: 'POST', path: '/api/painted', run: report },\n    ${first}`,
    );
    return `import * as http from 'alga:extension/http';\n${routed}${reportTo(port)}`;
  });
  await edit('manifest.json', source =>
    source
      .replace('"cap:storage.kv"', '"cap:storage.kv", "cap:http.fetch"')
      .replace(
        '"endpoints": [',
        '"endpoints": [{ "method": "POST", "path": "/api/painted", "handler": "handler" },',
      ),
  );
}

/** Builds the project and leaves it open, so that the window opens with it. */
async function remember(project: string, dataDir: string, resources: Resources): Promise<void> {
  const services = await createServices({ dataDir, resources });
  try {
    const id = await services.workspace.open(project);
    const { ok, problems } = await services.workspace.session(id).settled();
    if (!ok) throw new Error(JSON.stringify(problems));
  } finally {
    await services.close();
  }
}

/** What pages say of themselves. */
class Reports {
  readonly #server: Server;
  readonly #waiting = new Map<string, (at: number) => void>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request: IncomingMessage, response) => {
      response.end();
      void text(request).then(body => {
        const { revision, at } = JSON.parse(body) as Painted;
        this.#waiting.get(revision)?.(at);
      });
    });
  }

  static async open(): Promise<Reports> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new Reports(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resolves to the time at which that revision was shown. */
  async next(revision: string): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#waiting.set(revision, resolve);
    const timer = setTimeout(() => reject(new Error(`${revision} was never shown.`)), PATIENCE_MS);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(revision);
    }
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
