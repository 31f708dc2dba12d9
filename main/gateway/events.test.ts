import { get as httpGet, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostPageState } from '../../contract/index.ts';
import { AGENT, HASH, install, openBench, REGISTRY_ID, type Bench } from './test-kit.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
beforeEach(() => {
  bench.registry.all = [install()];
  bench.registry.user = AGENT;
  bench.traffic.clear();
});
afterAll(() => bench.close());

describe('events for host pages', () => {
  /** Reads states from a connection to the events; ends it with `close`. */
  async function follow(): Promise<{ next: () => Promise<HostPageState>; close: () => void }> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const { port } = bench.gateway;
      httpGet(
        { host: '127.0.0.1', port, path: '/_xwb/events', headers: { host: `localhost:${port}` } },
        resolve,
      ).once('error', reject);
    });
    expect(response.headers['content-type']).toBe('text/event-stream');
    response.setEncoding('utf8');
    const chunks = response[Symbol.asyncIterator]() as AsyncIterator<string>;
    let buffer = '';
    return {
      async next() {
        for (;;) {
          const end = buffer.indexOf('\n\n');
          if (end !== -1) {
            const data = /^data: (.*)$/m.exec(buffer.slice(0, end))?.[1];
            buffer = buffer.slice(end + 2);
            if (data !== undefined) return JSON.parse(data) as HostPageState;
          } else {
            const chunk = await chunks.next();
            if (chunk.done === true) throw new Error('The events ended.');
            buffer += chunk.value;
          }
        }
      },
      close: () => response.destroy(),
    };
  }

  it('tell the whole state at once and whenever it changes', async () => {
    bench.gateway.setTheme('light');
    bench.registry.all = [install({ uiDir: '/somewhere' })];
    const page = await follow();
    const origin = `http://0f0e0d0c-aabbccdd.localhost:${bench.gateway.port}`;
    expect(await page.next()).toMatchObject({
      tenantName: 'Acme (local)',
      user: { name: 'Demo Agent', userType: 'internal' },
      theme: 'light',
      posture: 'faithful',
      extensions: [
        { registryId: REGISTRY_ID, contentHash: HASH, frameOrigin: origin, menuLabel: 'Invoice helper' },
      ],
    });
    bench.gateway.setTheme('dark');
    expect((await page.next()).theme).toBe('dark');
    bench.registry.all = [install({ contentHash: `sha256:${'cd'.repeat(32)}` })];
    bench.gateway.installsChanged();
    const rebuilt = await page.next();
    expect(rebuilt.extensions[0]).toMatchObject({ contentHash: `sha256:${'cd'.repeat(32)}` });
    expect(rebuilt.extensions[0]).not.toHaveProperty('frameOrigin');
    bench.registry.user = undefined;
    bench.gateway.installsChanged();
    expect(await page.next()).not.toHaveProperty('user');
    page.close();
  });

  it('know where an extension’s page stood', async () => {
    bench.registry.all = [install({ uiDir: '/somewhere' })];
    const origin = `http://0f0e0d0c-aabbccdd.localhost:${bench.gateway.port}`;
    bench.gateway.frameMoved(`${origin}/ext-ui/x/index.html#/notes/3`);
    bench.gateway.frameMoved(`${bench.gateway.url}/msp/extensions#elsewhere`);
    bench.gateway.frameMoved('about:blank#nowhere');
    const page = await follow();
    expect((await page.next()).extensions[0]).toMatchObject({ fragment: '/notes/3' });
    page.close();
  });

  it('say nothing when nothing changed, and miss nothing that changed in silence', async () => {
    const first = await follow();
    await first.next();
    bench.gateway.installsChanged();
    bench.registry.user = undefined;
    const second = await follow();
    expect(await second.next()).not.toHaveProperty('user');
    expect(await first.next()).not.toHaveProperty('user');
    first.close();
    second.close();
  });
});
