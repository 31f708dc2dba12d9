import { expect, test, vi } from 'vitest';
import type { ExecuteRequest, HostFunctions } from '../../contract/index.ts';
import { HOST_CALL_TIMEOUT_MS, Runs, type Component, type Engine, type RunOutcome } from './runs.ts';

type Hear = Parameters<ConstructorParameters<typeof Runs>[0]>[0];

const REQUEST: ExecuteRequest = {
  context: { tenantId: 't', extensionId: 'e' },
  http: { method: 'GET', url: '/', headers: [] },
};
const LIMITS = { timeoutMs: 5, allowWasiHttp: false };
const OUTCOME: RunOutcome = {
  durationMicros: 1,
  peakMemoryBytes: 0,
  logs: [],
  logsDropped: 0,
  hostCalls: [],
};
const nobody: HostFunctions = () => Promise.reject(new Error('nobody is there'));

function workshop() {
  let hear: Hear = () => undefined;
  let id = 0;
  const heard = () => vi.fn((): Parameters<Hear>[0] => []);
  const execute = vi.fn(() => ({ run: ++id, events: [] as Parameters<Hear>[0] }));
  const engine = { execute, cancel: vi.fn(), tidy: vi.fn(), answer: heard(), fail: heard() };
  const runs = new Runs(given => {
    hear = given;
    return engine as unknown as Engine;
  });
  const start = (host = nobody, signal?: AbortSignal, onLog = vi.fn()) =>
    runs.start(vi.mockObject({}) as unknown as Component, REQUEST, LIMITS, { host, onLog, signal });
  return { runs, engine, start, hear: (events: Parameters<Hear>[0]) => hear(events) };
}

test('a batch of events reaches each run its own', async () => {
  const { start, hear, engine } = workshop();
  const onLog = vi.fn();
  const [one, two] = [start(nobody, undefined, onLog), start()];
  const line = { level: 'info' as const, message: 'hello', offsetMicros: 3 };
  hear([
    { run: 2, outcome: OUTCOME },
    { run: 1, log: line },
    { run: 1, error: { code: 'request.limits', message: 'too much', detail: 'too much of it' } },
    { run: 9, outcome: OUTCOME },
  ]);
  expect(await two).toBe(OUTCOME);
  await expect(one).rejects.toMatchObject({ code: 'request.limits', message: 'too much' });
  expect(onLog).toHaveBeenCalledWith(line);
  const limits = { ...LIMITS, hostCallTimeoutMs: HOST_CALL_TIMEOUT_MS };
  expect(engine.execute).toHaveBeenCalledWith(expect.anything(), expect.anything(), limits, true, false);
});

test('what happened before the start returned is heard as well', async () => {
  const { start, hear, engine } = workshop();
  const line = { level: 'info' as const, message: 'hello', offsetMicros: 3 };
  const onLog = vi.fn();
  const other = start();
  const events = [
    { run: 2, log: line },
    { run: 1, outcome: OUTCOME },
    { run: 2, outcome: OUTCOME },
  ];
  engine.execute.mockReturnValueOnce({ run: 2, events });
  expect(await start(nobody, undefined, onLog)).toBe(OUTCOME);
  expect(onLog).toHaveBeenCalledExactlyOnceWith(line);
  expect(await other).toBe(OUTCOME);
  hear([]);
});

test('calls that are made at once are not alone, those one after the other are', async () => {
  const { start, engine } = workshop();
  const over = (run: number) => ({ run, events: [{ run, outcome: OUTCOME }] });
  for (const run of [1, 2, 3, 4]) engine.execute.mockReturnValueOnce(over(run));
  await Promise.all([start(), start()]);
  await start();
  await start();
  const began = engine.execute.mock.calls as unknown[][];
  expect(began.map(([, , , alone]) => alone)).toEqual([true, false, true, true]);
});

test('what runs leave is tidied up once JavaScript has time', async () => {
  const { runs, start, engine } = workshop();
  const over = (run: number) => ({ run, events: [{ run, outcome: OUTCOME }] });
  for (const run of [1, 2, 3]) engine.execute.mockReturnValueOnce(over(run));
  await start();
  await start();
  expect(engine.tidy).not.toHaveBeenCalled();
  await new Promise(setImmediate);
  expect(engine.tidy).toHaveBeenCalledOnce();
  await start();
  await runs.close();
  expect(engine.tidy).toHaveBeenCalledTimes(2);
});

test('a host call is answered under its number, or its failure is told', async () => {
  const { start, hear, engine } = workshop();
  const host: HostFunctions = ({ args }) => Promise.resolve({ value: { ok: args['key'] } });
  void start(host);
  void start();
  const call = { interface: 'secrets', function: 'get', argsJson: '{"key":"k"}' };
  hear([
    { run: 1, call: { id: 7, ...call } },
    { run: 2, call: { id: 8, ...call } },
  ]);
  await vi.waitFor(() => expect(engine.fail).toHaveBeenCalled());
  expect(engine.answer).toHaveBeenCalledExactlyOnceWith(7, { valueJson: '{"ok":"k"}' });
  expect(engine.fail).toHaveBeenCalledExactlyOnceWith(8, 'nobody is there');
});

test('what happens while a call is answered is heard as well', async () => {
  const { start, hear, engine } = workshop();
  const run = start(() => Promise.resolve({ value: { ok: 1 } }));
  const call = { interface: 'secrets', function: 'get', argsJson: '{}' };
  engine.answer.mockReturnValueOnce([{ run: 1, call: { id: 8, ...call } }]);
  engine.answer.mockReturnValueOnce([{ run: 1, outcome: OUTCOME }]);
  hear([{ run: 1, call: { id: 7, ...call } }]);
  expect(await run).toBe(OUTCOME);
  expect(engine.answer).toHaveBeenCalledTimes(2);
});

test('a signal cancels its run and nothing else, before and during', async () => {
  const { start, hear, engine } = workshop();
  const controller = new AbortController();
  const run = start(nobody, controller.signal);
  controller.abort();
  void start(nobody, AbortSignal.abort());
  expect(engine.cancel.mock.calls).toEqual([[1]]);
  const began = engine.execute.mock.calls as unknown[][];
  expect(began.map(([, , , , cancelled]) => cancelled)).toEqual([false, true]);
  hear([{ run: 1, outcome: OUTCOME }]);
  expect(await run).toBe(OUTCOME);
});

test('closing cancels what runs and waits for its end', async () => {
  const { runs, start, hear, engine } = workshop();
  const run = start();
  const closed = runs.close();
  expect(engine.cancel).toHaveBeenCalledWith(1);
  hear([{ run: 1, outcome: OUTCOME }]);
  await closed;
  expect(await run).toBe(OUTCOME);
});

test('a component that is gone rejects with its code', async () => {
  const { start, engine } = workshop();
  engine.execute.mockImplementationOnce(() => {
    throw Object.assign(new Error('gone'), { code: 'component.replaced', detail: 'gone' });
  });
  await expect(start()).rejects.toMatchObject({ code: 'component.replaced' });
});
