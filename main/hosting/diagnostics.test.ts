import { describe, expect, test } from 'vitest';
import type { ExecuteResponse, Execution, HostReply } from '../../contract/index.ts';
import { executionDiagnostics, HostNotes } from './diagnostics.ts';

const RUN: Execution = { durationMs: 1, peakMemoryBytes: 1, logs: [], hostCalls: [] };

test('requests past the allowlist are named once', () => {
  const call = {
    interface: 'wasi:http/outgoing-handler',
    function: 'handle',
    offsetMs: 0,
    durationMs: 1,
  };
  const codes = (outcome: string): string[] => {
    const made = { ...call, outcome };
    return executionDiagnostics({ ...RUN, hostCalls: [made, made] }).map(({ code }) => code);
  };
  expect(codes('ok')).toEqual(['egress.wasi-http']);
  expect(codes('http-request-denied')).toEqual(['egress.wasi-http-refused']);
});

describe('what becomes of a response', () => {
  test.each<[string, ExecuteResponse, string[]]>([
    ['a usable one', { status: 200, headers: [{ name: 'a', value: '1' }], body: new Uint8Array() }, []],
    ['204 without a body', { status: 204, headers: [] }, []],
    ['a status below 200', { status: 99, headers: [] }, ['response.unusable']],
    ['a status above 599', { status: 600, headers: [] }, ['response.unusable']],
    ['204 with an empty list', { status: 204, headers: [], body: new Uint8Array() }, ['response.unusable']],
    [
      'equal header names in any case',
      {
        status: 200,
        headers: [
          { name: 'X-A', value: '1' },
          { name: 'x-a', value: '2' },
        ],
      },
      ['response.repeated-header'],
    ],
  ])('%s', (_name, response, codes) => {
    expect(executionDiagnostics({ ...RUN, response }).map(({ code }) => code)).toEqual(codes);
  });
});

describe('notes of host calls', () => {
  const call = { interface: 'storage', function: 'get', args: {} };
  const listened = async (replies: readonly HostReply[]): Promise<HostNotes> => {
    const notes = new HostNotes();
    for (const reply of replies) await notes.listening(() => Promise.resolve(reply))(call);
    return notes;
  };

  test('each note once, replies without one not at all', async () => {
    const notes = await listened([
      { value: { ok: null } },
      { value: { err: 'denied' }, note: 'No grant.' },
      { value: { err: 'denied' }, note: 'No grant.' },
    ]);
    expect(notes.diagnostics()).toEqual([
      { code: 'host.note', severity: 'info', message: 'storage.get: No grant.' },
    ]);
  });

  test('a flood of notes is counted, not kept', async () => {
    const notes = await listened(Array.from({ length: 60 }, (_, at) => ({ value: null, note: `n${at}` })));
    expect(notes.diagnostics()).toHaveLength(51);
    expect(notes.diagnostics().at(-1)?.message).toBe('10 more notes of host calls are left out.');
  });
});
