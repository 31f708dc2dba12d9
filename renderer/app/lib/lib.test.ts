import { describe, expect, it } from 'vitest';
import { CAPABILITIES, DEFAULT_CAPABILITIES, type Problem } from '../../../contract/index.ts';
import { asCutText, asText, byteSize, fromBase64, hexRow } from './bytes.ts';
import { CAPABILITY_MEANINGS, isAlwaysGranted } from './capabilities.ts';
import { cx } from './classes.ts';
import { baseName, folderFault, joinFolder } from './folder.ts';
import { shortHash } from './hash.ts';
import { parseJson, summarize } from './json.ts';
import { matchesShortcut, shortcutKeys } from './keys.ts';
import { countProblems, groupProblems } from './problems.ts';
import { clockFraction, duration, relativeTime } from './time.ts';

describe('time', () => {
  it.each([
    [0, '0.00 ms'],
    [0.084, '0.08 ms'],
    [0.999, '1.0 ms'],
    [1.94, '1.9 ms'],
    [99.6, '100 ms'],
    [412, '412 ms'],
    [999.6, '1.00 s'],
    [5240, '5.24 s'],
    [65_000, '1 min 5 s'],
  ])('duration %d → %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
  it.each([
    [0, 'just now'],
    [12_000, '12 s ago'],
    [61_000, '1 min ago'],
    [7_200_000, '2 h ago'],
    [200_000_000, '2 d ago'],
  ])('%d ms ago → %s', (ago, text) => {
    expect(relativeTime(1_000_000_000 - ago, 1_000_000_000)).toBe(text);
  });
  it('shows the fraction of a second', () => {
    expect(clockFraction(1_700_000_000_007.9)).toBe('.007');
  });
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [4120, '4.1 kB'],
    [999_960, '1.0 MB'],
    [12_345_678, '12.3 MB'],
  ])('%d → %s', (bytes, text) => {
    expect(byteSize(bytes)).toBe(text);
  });
  it('knows text from bytes', () => {
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    expect(asText(encode('grüße\n\t✓'))).toBe('grüße\n\t✓');
    expect(asText(encode('a\u0000b'))).toBeUndefined();
    expect(asText(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
    expect(asCutText(encode('a✓').subarray(0, 3))).toBe('a');
    expect(asCutText(Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc, 0xfb))).toBeUndefined();
  });
  it('decodes base64', () => {
    expect([...fromBase64('AP8Q')]).toEqual([0, 255, 16]);
  });
  it('lays bytes out in rows', () => {
    const bytes = new TextEncoder().encode('Hello, hex view!\u0001?');
    expect(hexRow(bytes, 0, 16)).toEqual({
      offset: '00000000',
      hex: '48 65 6c 6c 6f 2c 20 68  65 78 20 76 69 65 77 21',
      text: 'Hello, hex view!',
    });
    expect(hexRow(bytes, 1, 16)).toEqual({ offset: '00000010', hex: '01 3f'.padEnd(48), text: '·?' });
    expect(hexRow(bytes, 1, 8).text).toBe('ex view!');
  });
});

describe('folder', () => {
  it('joins as the system writes', () => {
    expect(joinFolder('/home/ada', 'x')).toBe('/home/ada/x');
    expect(joinFolder('/home/ada/', 'x')).toBe('/home/ada/x');
    expect(joinFolder('C:\\Users\\ada', 'x')).toBe('C:\\Users\\ada\\x');
    expect(baseName('C:\\Users\\ada\\')).toBe('ada');
    expect(baseName('/')).toBe('');
  });
  it.each([
    '/home/ada/my-extension',
    'C:\\code\\a1',
    '/x/9',
    '/home/My Extension',
    '/home/-x',
    '/home/Ünïcode',
  ])('accepts %s', folder => {
    expect(folderFault(folder)).toBeUndefined();
  });
  it.each(['', '  ', '/', 'relative/x', '~/x', '/home/---'])('refuses %j', folder => {
    expect(folderFault(folder)).toEqual(expect.any(String));
  });
});

describe('keys', () => {
  const press = (key: string, part: Partial<KeyboardEvent> = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...part,
  });
  it('matches exactly the key with its modifiers', () => {
    expect(matchesShortcut('Mod+Shift+B', press('B', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
    expect(matchesShortcut('Mod+B', press('B', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(matchesShortcut('Mod+B', press('b', { metaKey: true }), false)).toBe(false);
    expect(matchesShortcut('Mod+B', press('b', { metaKey: true }), true)).toBe(true);
    expect(matchesShortcut('F6', press('F6'), false)).toBe(true);
    expect(matchesShortcut('Mod+.', press('.', { ctrlKey: true }), false)).toBe(true);
  });
  it('writes them as the keyboard does', () => {
    expect(shortcutKeys('Mod+Shift+B', false)).toEqual(['Ctrl', 'Shift', 'B']);
    expect(shortcutKeys('Mod+Shift+B', true)).toEqual(['⌘', '⇧', 'B']);
  });
});

describe('json', () => {
  it('reads objects and arrays only', () => {
    expect(parseJson(' {"a":[1]}')).toEqual({ a: [1] });
    expect(parseJson('[1,')).toBeUndefined();
    expect(parseJson('12')).toBeUndefined();
    expect([summarize([1]), summarize([]), summarize({ a: 1, b: 2 }), summarize('x')]).toEqual([
      '1 item',
      '0 items',
      '2 keys',
      '',
    ]);
  });
});

describe('problems', () => {
  const problem = (part: Partial<Problem>): Problem => ({
    code: 'x',
    severity: 'error',
    message: 'm',
    ...part,
  });
  it('groups by file, errors first, then by place', () => {
    const groups = groupProblems([
      problem({ file: 'a.ts', severity: 'warning', line: 1 }),
      problem({ file: 'b.ts', line: 9 }),
      problem({ file: 'b.ts', line: 2 }),
      problem({ file: 'b.ts', severity: 'info', line: 1 }),
      problem({}),
    ]);
    expect(groups.map(group => group.file)).toEqual([undefined, 'b.ts', 'a.ts']);
    expect(groups[1]?.problems.map(each => each.line)).toEqual([2, 9, 1]);
  });
  it('counts each kind by its name', () => {
    expect(countProblems({ errors: 5, warnings: 1 })).toBe('5 errors, 1 warning');
    expect(countProblems({ errors: 1, warnings: 0, notes: 2 })).toBe('1 error, 2 notes');
    expect(countProblems({ errors: 0, warnings: 0 })).toBe('no problems');
  });
});

describe('lists that follow the contract', () => {
  it('names every capability', () => {
    expect(CAPABILITY_MEANINGS.map(([capability]) => capability)).toEqual(CAPABILITIES);
    expect(CAPABILITIES.filter(isAlwaysGranted)).toEqual(DEFAULT_CAPABILITIES);
  });
});

describe('small things', () => {
  it('joins class names and shortens hashes', () => {
    expect(cx('a', false, undefined, '', 'b')).toBe('a b');
    expect(shortHash(`sha256:${'9f3c1e04'.repeat(8)}`)).toBe('9f3c1e04');
  });
});
