import { describe, expect, it } from 'vitest';
import { IdempotentAnswers } from './idempotency.ts';

const response = (bytes: number): { status: number; headers: []; body: Uint8Array } => ({
  status: 200,
  headers: [],
  body: new Uint8Array(bytes),
});

describe('IdempotentAnswers', () => {
  it('repeats an answer within its scope only', () => {
    const answers = new IdempotentAnswers();
    answers.put('build-1', 'key', response(1));
    expect(answers.get('build-1', 'key')?.status).toBe(200);
    expect(answers.get('build-2', 'key')).toBeUndefined();
  });

  it('keeps 500 answers', () => {
    const answers = new IdempotentAnswers();
    for (let key = 0; key < 501; key += 1) answers.put('s', String(key), response(0));
    expect(answers.get('s', '0')).toBeUndefined();
    expect(answers.get('s', '1')).toBeDefined();
    expect(answers.get('s', '500')).toBeDefined();
  });

  it('keeps 16 MiB, also when one key is answered again', () => {
    const answers = new IdempotentAnswers();
    const mib = 1024 * 1024;
    answers.put('s', 'a', response(10 * mib));
    answers.put('s', 'a', response(10 * mib));
    answers.put('s', 'b', response(6 * mib));
    expect(answers.get('s', 'a')).toBeDefined();
    answers.put('s', 'c', response(1));
    expect(answers.get('s', 'a')).toBeUndefined();
    expect(answers.get('s', 'b')).toBeDefined();
  });
});
