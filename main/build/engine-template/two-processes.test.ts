import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const CHILD = path.join(import.meta.dirname, 'asks-for-template.testing.ts');

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'two processes-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

/** Each makes and compiles a template of its own, until the first has given it its name: half a minute. */
test.runIf(process.env['XWB_FULL'] === '1')(
  'two processes that make one template at once end with the same',
  async () => {
    const asked = ['a', 'b'].map(own => promisify(execFile)(process.execPath, [CHILD, dataDir, own]));
    const [one, other] = (await Promise.all(asked)).map(({ stdout }) => stdout);
    expect(other).toBe(one);
    const [key] = (one ?? '').split(' ');
    expect(await readdir(path.join(dataDir, 'engine-template'))).toEqual([key]);
    expect(await readdir(path.join(dataDir, 'compiled', 'builder', 'sources'))).toEqual([]);
    const unfinished = (await readdir(path.join(dataDir, 'compiled'))).filter(name => name.startsWith('.'));
    expect(unfinished).toEqual([]);
  },
  300_000,
);
