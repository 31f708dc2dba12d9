import { describe, expect, it } from 'vitest';
import { exclusively } from './exclusive.ts';

/** Work that ends when it is told to. */
function held(log: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    finish: () => resolve(undefined),
    run: async () => {
      log.push(`${name} starts`);
      await promise;
      log.push(`${name} ends`);
      return name;
    },
  };
}

describe('exclusively', () => {
  it('lets the second wait for the first, and others pass', async () => {
    const log: string[] = [];
    const [a, b, other] = [held(log, 'a'), held(log, 'b'), held(log, 'other')];
    const first = exclusively('k', undefined, a.run);
    const second = exclusively('k', undefined, b.run);
    const third = exclusively('elsewhere', undefined, other.run);
    other.finish();
    expect(await third).toBe('other');
    expect(log).not.toContain('b starts');
    a.finish();
    b.finish();
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
    expect(log.indexOf('a ends')).toBeLessThan(log.indexOf('b starts'));
  });

  it('goes on after a failure', async () => {
    const failing = exclusively('f', undefined, () => Promise.reject(new Error('no')));
    const next = exclusively('f', undefined, () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });

  it('gives up waiting on abort, without letting a later one overtake', async () => {
    const log: string[] = [];
    const [a, c] = [held(log, 'a'), held(log, 'c')];
    const first = exclusively('w', undefined, a.run);
    const controller = new AbortController();
    const second = exclusively('w', controller.signal, () => Promise.resolve('never'));
    const third = exclusively('w', undefined, c.run);
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'build.cancelled' });
    expect(log).toEqual(['a starts']);
    a.finish();
    c.finish();
    await Promise.all([first, third]);
    expect(log).toEqual(['a starts', 'a ends', 'c starts', 'c ends']);
  });
});
