import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BuildProgress } from './build-progress.ts';

let told: string[];
let progress: BuildProgress;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  progress = new BuildProgress(() => told.push(`${progress.state.status} ${progress.state.running ?? '-'}`));
});
afterEach(() => {
  progress.dispose();
  vi.useRealTimers();
});

test('a build that is over at once is told when it answers, not on its way there', () => {
  progress.begin();
  progress.onStage({ stage: 'ui', state: 'start' });
  progress.onStage({ stage: 'ui', state: 'end', ms: 3 });
  expect(told).toEqual([]);
  progress.finish('ok', { stages: progress.state.stages, problems: [] }, 0);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual(['ok -']);
  expect(progress.state.stages).toEqual([{ name: 'ui', ms: 3, cached: false }]);
});

test('one that takes longer is told as it goes, some times a second', () => {
  progress.begin();
  progress.onStage({ stage: 'check', state: 'start' });
  vi.advanceTimersByTime(150);
  expect(told).toEqual(['building check']);
  progress.onStage({ stage: 'check', state: 'end' });
  progress.onStage({ stage: 'ui', state: 'start' });
  vi.advanceTimersByTime(150);
  expect(told).toEqual(['building check', 'building ui']);
});

test('what answers is kept while a later build fails, and nothing is told once it is disposed of', () => {
  progress.answersFrom('sha256:a', 'development', 0);
  progress.finish('failed', { stages: [], problems: [] }, 0);
  expect(progress.state.live?.hash).toBe('sha256:a');
  progress.begin();
  progress.dispose();
  const before = told.length;
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(before);
});
