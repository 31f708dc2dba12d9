import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Posture } from '../../contract/index.ts';
import { answered, faulted, openBench, type Bench } from './test-kit.ts';

let posture: Posture;
let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ posture: () => posture });
});
afterAll(() => bench.close());
beforeEach(() => {
  posture = 'strict';
  bench.runner.runs.length = 0;
  bench.runner.behave = () => Promise.resolve(answered({ status: 200, headers: [] }));
  bench.capabilities.answer = () => Promise.resolve({ value: { ok: null } });
});

interface Answer {
  readonly status: number;
  readonly diagnostics?: readonly { code: string; severity: string; message: string }[];
}

async function ask(
  changes: Record<string, object | null> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return (await bench.execute(bench.envelope(changes), headers)) as Answer;
}
function codes({ diagnostics }: Answer): string[] {
  return (diagnostics ?? []).map(({ code }) => code);
}
const PLAIN = { ciphertext_b64: Buffer.from('{"a":"b"}').toString('base64') };

test('faithful answers have the platform’s four members, strict ones diagnostics, too', async () => {
  expect(Object.keys(await ask())).toEqual(['status', 'headers', 'body_b64', 'error', 'diagnostics']);
  expect((await ask()).diagnostics).toEqual([]);
  posture = 'faithful';
  expect(Object.keys(await ask())).toEqual(['status', 'headers', 'body_b64', 'error']);
});

describe('each deviation is named (spec 13.1)', () => {
  test('a call without a time limit gets one', async () => {
    const answer = await ask({ limits: { timeout_ms: null } });
    expect([answer.status, codes(answer)]).toEqual([200, ['limits.default-timeout']]);
    expect(bench.runner.last.limits.timeoutMs).toBe(30_000);
  });

  test('idempotency keys count for their tenant and extension', async () => {
    const key = { 'x-idempotency-key': 'k-1' };
    expect(codes(await ask({}, key))).toEqual(['idempotency.scoped']);
    expect(codes(await ask({}, key))).toEqual(['idempotency.scoped', 'idempotency.repeated']);
    await ask({}, { ...key, 'x-alga-extension': 'another' });
    posture = 'faithful';
    await ask({}, key);
    // Once for each caller, and once for the platform's own key.
    expect(bench.runner.runs).toHaveLength(3);
  });

  test('a failure of the handler is not kept', async () => {
    const key = { 'x-idempotency-key': 'k-2' };
    bench.runner.behave = () => Promise.resolve(answered({ status: 503, headers: [] }));
    expect(codes(await ask({}, key))).toEqual(['idempotency.scoped', 'idempotency.not-kept']);
    bench.runner.behave = () => Promise.resolve(answered({ status: 200, headers: [] }));
    expect((await ask({}, key)).status).toBe(200);
  });

  test('the posture reaches the capabilities', async () => {
    await ask();
    expect(bench.capabilities.contexts.at(-1)?.posture).toBe('strict');
  });
});

describe('what will hurt is said (spec 13.1)', () => {
  test.each<[string, Record<string, object | null>, string[]]>([
    ['fuel', { limits: { fuel: 1 } }, ['limits.fuel']],
    ['encoded secrets', { secret_envelope: PLAIN }, ['secrets.encoded']],
    [
      'an expired envelope',
      { secret_envelope: { ...PLAIN, expires_at: '2001-01-01T00:00:00Z' } },
      ['secrets.encoded', 'secrets.expired'],
    ],
    ['no secrets', { secret_envelope: { ciphertext_b64: '' } }, []],
    ['secrets that cannot be opened', { secret_envelope: { ciphertext_b64: '!' } }, ['secrets.unreadable']],
    ['every host to fetch from', { providers: ['cap:http.fetch'] }, ['egress.open']],
    [
      'unknown capabilities',
      { providers: ['storage.kv', 'metrics'] },
      ['capability.unknown', 'capability.unknown'],
    ],
  ])('%s', async (_name, changes, expected) => {
    expect(codes(await ask(changes))).toEqual(expected);
  });

  test('an allowlist closes the question of egress', async () => {
    await using own = await openBench({ posture: () => 'strict', egress: { allow: ['a.example'] } });
    const answer = (await own.execute(own.envelope({ providers: ['cap:http.fetch'] }))) as Answer;
    expect(codes(answer)).toEqual([]);
  });

  test('an unknown capability with what was meant', async () => {
    expect((await ask({ providers: ['storage.kv'] })).diagnostics?.[0]?.message).toContain('cap:storage.kv');
  });

  test('what a host call kept to itself', async () => {
    bench.capabilities.answer = () => Promise.resolve({ value: { err: 'internal' }, note: 'LIMIT_EXCEEDED' });
    bench.runner.behave = async run => {
      await run.host({ interface: 'storage', function: 'put', args: {} });
      return answered({ status: 200, headers: [] });
    };
    expect((await ask()).diagnostics).toEqual([
      { code: 'host.note', severity: 'info', message: 'storage.put: LIMIT_EXCEEDED' },
    ]);
  });

  test('a response that no gateway can send', async () => {
    bench.runner.behave = () => Promise.resolve(answered({ status: 99, headers: [] }));
    const answer = await ask();
    expect([answer.status, codes(answer)]).toEqual([99, ['response.unusable']]);
  });

  test('a fault, with what to do about it', async () => {
    bench.runner.behave = () => Promise.resolve(faulted('guest.timeout', 'Stopped after 10 ms.'));
    expect((await ask()).diagnostics).toEqual([
      {
        code: 'guest.timeout',
        severity: 'error',
        message: expect.stringMatching(/^Stopped after 10 ms\. Look for /) as string,
      },
    ]);
  });
});
