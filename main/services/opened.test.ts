import { expect, test } from 'vitest';
import { Opened } from './opened.ts';

test('closes in the reverse order, each once', async () => {
  const opened = new Opened();
  const closed: string[] = [];
  opened.add(() => void closed.push('first'));
  opened.add(async () => {
    await Promise.resolve();
    closed.push('second');
  });
  await opened.close();
  await opened.close();
  expect(closed).toEqual(['second', 'first']);
});

test('what cannot be closed keeps nothing else open', async () => {
  const opened = new Opened();
  const closed: string[] = [];
  opened.add(() => void closed.push('first'));
  opened.add(() => Promise.reject(new Error('stuck')));
  opened.add(() => {
    throw new Error('stuck before');
  });
  await expect(opened.close()).rejects.toThrow('stuck before');
  expect(closed).toEqual(['first']);
});
