import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../../contract/index.ts';
import { answered, faulted, openBench, REGISTRY_ID, type Bench } from './test-kit.ts';

const ITEMS = `/api/ext-proxy/${REGISTRY_ID}/api/items`;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
beforeEach(() => {
  bench.capabilities.answer = () => Promise.resolve({ value: { ok: null } });
  bench.traffic.clear();
});
afterAll(() => bench.close());

/** Calls the handler; the trace of the call. */
async function call(): Promise<string> {
  return String((await bench.send('GET', ITEMS)).headers['x-xwb-trace']);
}

function hops(traceId: string, kind: string): Exchange[] {
  const summaries = bench.hops(traceId).filter(each => each.kind === kind);
  return summaries.map(each => bench.traffic.get(each.id)).filter(each => each !== undefined);
}

function only(traceId: string, kind: string): Exchange {
  const [found, ...others] = hops(traceId, kind);
  if (found === undefined || others.length > 0) throw new Error(`Not one ${kind} hop.`);
  return found;
}

describe('time in a trace', () => {
  const rows = (traceId: string): [string, string, number][] => {
    const { startedAt } = only(traceId, 'handler');
    return bench
      .hops(traceId)
      .filter(each => each.kind !== 'gateway')
      .map(each => [each.what, each.detail, Math.round(each.startedAt - startedAt)]);
  };

  it('is that of the run for lines and calls alike, in the order in which they happened', async () => {
    bench.capabilities.answer = (context, call) => {
      if (call.interface === 'storage')
        context.onLog?.({ level: 'error', message: 'refused', source: 'host' });
      return Promise.resolve({ value: { ok: null } });
    };
    bench.runner.behave = async run => {
      const lines = [
        { level: 'info', message: 'after the user', offsetMs: 500 },
        { level: 'info', message: 'last', offsetMs: 900 },
      ] as const;
      await run.host({ interface: 'user', function: 'get-user', args: {} });
      run.onLog?.(lines[0]);
      await run.host({ interface: 'storage', function: 'get', args: { namespace: 'n', key: 'k' } });
      await run.host({ interface: 'user', function: 'get-user', args: {} });
      run.onLog?.(lines[1]);
      return answered(
        { status: 200, headers: [] },
        {
          durationMs: 1000,
          logs: lines,
          hostCalls: [
            { interface: 'user', function: 'get-user', offsetMs: 100, durationMs: 300, outcome: 'ok' },
            { interface: 'storage', function: 'get', offsetMs: 600, durationMs: 0, outcome: 'ok' },
            { interface: 'user', function: 'get-user', offsetMs: 700, durationMs: 100, outcome: 'ok' },
          ],
        },
      );
    };
    const traceId = await call();
    expect(rows(traceId)).toEqual([
      ['handler', 'invoice-helper 0.3.1', 0],
      ['user.get-user', '', 100],
      ['log', 'after the user', 500],
      ['storage.get', 'n k', 600],
      ['log', 'refused', 600],
      ['user.get-user', '', 700],
      ['log', 'last', 900],
    ]);
    expect(hops(traceId, 'host-call')[0]?.durationMs).toBe(300);
  });

  it('is that of the gateway, once, when the run breaks off', async () => {
    bench.runner.behave = async run => {
      await run.host({ interface: 'user', function: 'get-user', args: {} });
      throw new Error('The runner is gone.');
    };
    const traceId = await call();
    const handler = only(traceId, 'handler');
    const asked = only(traceId, 'host-call');
    expect(asked).toMatchObject({ what: 'user.get-user', status: 'ok', outcome: 'ok', parentId: handler.id });
    expect(asked.startedAt).toBeGreaterThanOrEqual(handler.startedAt);
    const end = (each: Exchange): number => each.startedAt + (each.durationMs ?? Infinity);
    expect(end(asked)).toBeLessThanOrEqual(end(handler));
  });

  it('does not hold more bytes than it may until the run is over', async () => {
    const bytes = Buffer.alloc(20 * 1024 * 1024, 'x');
    bench.runner.behave = async run => {
      for (const key of ['a', 'b'])
        await run.host({ interface: 'storage', function: 'put', args: { entry: { key } }, bytes });
      return answered({ status: 200, headers: [] });
    };
    const traceId = await call();
    const [first, second] = hops(traceId, 'host-call');
    expect([first?.detail, first?.request?.body === undefined]).toEqual(['a', false]);
    expect([second?.detail, second?.request?.body === undefined]).toEqual(['b', true]);
    expect(second?.notes.map(each => each.label)).toEqual(['Bodies']);
  });
});

describe('a call of another server', () => {
  const request = { method: 'GET', url: 'https://api.example/items?page=2', headers: [] };

  it('tells its method and URL', async () => {
    bench.runner.behave = async run => {
      await run.host({ interface: 'http', function: 'fetch', args: { request } });
      const record = { interface: 'http', function: 'fetch', offsetMs: 0, durationMs: 1, outcome: 'ok' };
      return answered({ status: 200, headers: [] }, { hostCalls: [record] });
    };
    const traceId = await call();
    expect(only(traceId, 'host-call').detail).toBe('GET https://api.example/items?page=2');
  });

  it('tells them also when the run ended before the answer came', async () => {
    bench.capabilities.answer = () => new Promise(() => undefined);
    bench.runner.behave = run => {
      void run.host({ interface: 'http', function: 'fetch', args: { request } });
      const record = {
        interface: 'http',
        function: 'fetch',
        offsetMs: 1,
        durationMs: 49,
        outcome: 'interrupted',
      };
      return Promise.resolve({ ...faulted('guest.timeout'), hostCalls: [record] });
    };
    const traceId = await call();
    expect(only(traceId, 'host-call')).toMatchObject({
      detail: 'GET https://api.example/items?page=2',
      status: 'interrupted',
      outcome: 'error',
    });
  });
});
