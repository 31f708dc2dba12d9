import { describe, expect, it } from 'vitest';
import { placeAt, sourceFrame } from './source-frame.ts';

describe('placeAt', () => {
  it.each([
    ['', 0, 1, 1],
    ['ab\ncd', 0, 1, 1],
    ['ab\ncd', 2, 1, 3],
    ['ab\ncd', 3, 2, 1],
    ['ab\r\ncd', 5, 2, 2],
    ['ab\ncd', 99, 2, 3],
    ['ab\ncd', -1, 1, 1],
  ])('%j at %i is %i:%i', (text, offset, line, column) => {
    expect(placeAt(text, offset)).toEqual({ line, column });
  });
});

describe('sourceFrame', () => {
  it('shows two lines on either side, the marker and the caret', () => {
    expect(sourceFrame('one\ntwo\nthree\nfour\nfive\nsix', 4, 3)).toBe(
      ['  2 | two', '  3 | three', '> 4 | four', '    |   ^', '  5 | five', '  6 | six'].join('\n'),
    );
  });

  it('keeps tabs under tabs and aligns wide line numbers', () => {
    const text = Array.from({ length: 12 }, (_, index) => `\tline ${index + 1}`).join('\r\n');
    expect(sourceFrame(text, 10, 2).split('\n').slice(1, 4)).toEqual([
      '   9 | \tline 9',
      '> 10 | \tline 10',
      '     | \t^',
    ]);
  });

  it('cuts a very long line around the column', () => {
    const [line = '', caret = ''] = sourceFrame(`${'x'.repeat(5000)}Y${'z'.repeat(5000)}`, 1, 5001).split(
      '\n',
    );
    expect(line.length).toBeLessThan(200);
    expect(line[caret.indexOf('^')]).toBe('Y');
  });

  it('bears places outside the text and a missing column', () => {
    expect(sourceFrame('only', 9, 1)).toBe('> 1 | only\n    | ^');
    expect(sourceFrame('only', 1)).toBe('> 1 | only');
  });
});
