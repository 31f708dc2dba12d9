import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withinTime } from './closing.ts';
import { parseCommandLine } from './command-line.ts';
import { createLife } from './life.ts';
import { runtimeNotices } from './notices.ts';
import { placeWindow, readWindowMemory, writeWindowMemory } from './window-memory.ts';

describe('parseCommandLine', () => {
  it.each([
    [['electron', '.', '--data-dir', '/d'], '/d'],
    [['workbench', '--no-sandbox', '--data-dir=/d', '--inspect=0'], '/d'],
    [['workbench', '--no-sandbox'], undefined],
    [['workbench', '--data-dir='], undefined],
  ])('reads %j', (argv, dataDir) => {
    expect(parseCommandLine(argv, {}).dataDir).toBe(dataDir);
  });
  it('renders in software where CI or XWB_NO_GPU says so', () => {
    expect(parseCommandLine([], { CI: 'true' }).softwareRendering).toBe(true);
    expect(parseCommandLine([], { XWB_NO_GPU: '1' }).softwareRendering).toBe(true);
    expect(parseCommandLine([], { CI: 'false' }).softwareRendering).toBe(false);
  });
});

describe('window memory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xwb-window-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const screen = { x: 0, y: 0, width: 1920, height: 1040 };

  it('comes back as it was written, and begins afresh when damaged', () => {
    const file = join(folder, 'deep', 'window.json');
    const memory = {
      bounds: { x: 1, y: 2, width: 900, height: 700 },
      maximized: true,
      background: '#101010',
    };
    writeWindowMemory(file, memory);
    expect(readWindowMemory(file)).toEqual(memory);
    writeFileSync(file, '{"maximized":"yes"');
    expect(readWindowMemory(file)).toEqual({ maximized: false });
    expect(readWindowMemory(join(folder, 'none.json'))).toEqual({ maximized: false });
  });
  it('opens centred at first, and never larger than the screen', () => {
    expect(placeWindow(undefined, [screen])).toEqual({ x: 240, y: 70, width: 1440, height: 900 });
    expect(placeWindow(undefined, [{ x: 0, y: 0, width: 1280, height: 760 }])).toMatchObject({
      width: 1280,
      height: 760,
    });
  });
  it('opens where it was, drawn back onto the screen', () => {
    expect(placeWindow({ x: 1500, y: 900, width: 1000, height: 700 }, [screen])).toEqual(
      placeWindow(undefined, [screen]),
    );
    expect(placeWindow({ x: 1200, y: 200, width: 1000, height: 700 }, [screen])).toEqual({
      x: 920,
      y: 200,
      width: 1000,
      height: 700,
    });
  });
  it('comes home from a screen that is gone', () => {
    expect(placeWindow({ x: 4000, y: 100, width: 1000, height: 700 }, [screen])).toEqual(
      placeWindow(undefined, [screen]),
    );
  });
});

describe('life', () => {
  it('only moves forward', () => {
    const life = createLife();
    life.reach('restored');
    life.reach('ready');
    expect(life.phase).toBe('restored');
    life.reach('closing');
    expect(life.phase).toBe('closing');
  });
});

describe('withinTime', () => {
  it('waits for the work, but not for ever', async () => {
    expect(await withinTime(Promise.resolve(1), 60_000)).toBe(true);
    expect(await withinTime(new Promise(() => undefined), 1)).toBe(false);
    await expect(withinTime(Promise.reject(new Error('no')), 60_000)).rejects.toThrow('no');
  });
});

describe('runtimeNotices', () => {
  const facts = { root: false, noSandbox: false, fallbackRuntime: false };
  it('says when the system sandbox is off, and why', () => {
    expect(runtimeNotices(facts)).toEqual([]);
    expect(runtimeNotices({ ...facts, root: true, noSandbox: true })[0]?.message).toContain('root');
    expect(runtimeNotices({ ...facts, noSandbox: true })[0]?.message).toContain('--no-sandbox');
  });
  it('says when a stand-in for the official runtime runs', () => {
    expect(runtimeNotices({ ...facts, fallbackRuntime: true })).toMatchObject([{ severity: 'warning' }]);
  });
});
