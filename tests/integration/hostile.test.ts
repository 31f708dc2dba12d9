import { expect, test } from 'vitest';
import { ATTACKS, attackOnce, nextCall, refusing, withHostile } from '../../bench/hostile.ts';
import type { Run } from '../../bench/fixture.ts';
import type { HostCall } from '../../contract/index.ts';
import { root } from '../support/workbench.ts';

/** A few of each; `npm run test:full` makes it a thousand. */
const TIMES = 3;

test('guests that mean harm end as they must, and the next call is right', async () => {
  await withHostile(root, async run => {
    for (const attack of ATTACKS) {
      for (let at = 0; at < TIMES; at++) {
        await attackOnce(attack, run);
        await nextCall(run);
      }
    }
    await surrogatesAreReplaced(run);
  });
});

/** A lone surrogate arrives as the replacement character, in every string of every function. */
async function surrogatesAreReplaced(run: Run): Promise<void> {
  const calls: HostCall[] = [];
  const { response, logs } = await run('/surrogates', {
    host: call => {
      calls.push(call);
      return refusing(call);
    },
  });
  const strings = calls.flatMap(({ args }) => stringsIn(args));
  expect(calls).toHaveLength(16);
  expect(strings).toHaveLength(39);
  expect(new Set([...strings, ...logs.map(({ message }) => message)])).toEqual(new Set(['a\ufffdb\ufffd']));
  expect(response?.headers).toEqual([{ name: 'a\ufffdb\ufffd', value: 'a\ufffdb\ufffd' }]);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
