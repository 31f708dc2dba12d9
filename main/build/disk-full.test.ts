import { expect, test } from 'vitest';
import { StageClock } from './build-run.ts';
import { isDiskFull, toolFoundDiskFull } from './disk-full.ts';

const failed = (code: string): Error => Object.assign(new Error(`Failed as ${code}`), { code });

test.each(['ENOSPC', 'EDQUOT', 'EFBIG', 'build.disk-full'])('%s is a full disk, also as a cause', code => {
  expect(isDiskFull(failed(code))).toBe(true);
  expect(isDiskFull(new Error('outer', { cause: failed(code) }))).toBe(true);
});

test('nothing else is', () => {
  for (const other of [failed('ENOENT'), new Error('ENOSPC'), 'ENOSPC', undefined, { code: 'ENOSPC' }])
    expect(isDiskFull(other)).toBe(false);
});

test('a tool may tell it in words', () => {
  expect(toolFoundDiskFull(new Error('out.wasm: No space left on device (os error 28)'))).toBe(true);
  expect(toolFoundDiskFull(failed('ENOSPC'))).toBe(true);
  expect(toolFoundDiskFull(new Error('Permission denied (os error 13)'))).toBe(false);
});

test('a stage that finds the disk full ends the build with a code', async () => {
  const clock = new StageClock(new AbortController().signal, undefined);
  const stage = clock.run('pack', () => Promise.reject(failed('ENOSPC')));
  await expect(stage).rejects.toMatchObject({ code: 'build.disk-full' });
});
