import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rangeHolds } from '../rules/ranges.ts';
import { attributeOf, scanHtml } from './html.ts';
import { closingBracket, maskSource, splitAtCommas } from './source.ts';
import { syntaxFaults, unknownFunctions } from './wit.ts';

describe('maskSource', () => {
  it.each([
    ["a 'b' c", "a ' ' c"],
    ['a "\\"b" c', 'a "   " c'],
    ['a // b\nc', 'a     \nc'],
    ['a /* b\n*/ c', 'a     \n   c'],
    ['`x ${y + `z ${1}`} w` + v', '`  ${y + `  ${1}`}  ` + v'],
    ["<p>don't</p>\nalert(1)", "<p>don'     \nalert(1)"],
    ["'// no comment'", "'             '"],
    ['/* open', '       '],
    ["'open", "'    "],
  ])('%j', (text, code) => {
    const masked = maskSource(text);
    expect(masked.code.length).toBe(text.length);
    expect(masked.noComments.length).toBe(text.length);
    expect(masked.code).toBe(code);
  });

  it('keeps literals in noComments', () => {
    expect(maskSource("f('/*x*/') // y").noComments).toBe("f('/*x*/')     ");
  });

  it('splits and closes over brackets', () => {
    const code = 'f(a, {b, c}, [d, e], (x) => g(x, y), h: Map<A, B>)';
    const open = code.indexOf('(');
    expect(closingBracket(code, open)).toBe(code.length);
    expect(splitAtCommas(code, open + 1, code.length - 1).map(piece => piece.text.trim())).toEqual([
      'a',
      '{b, c}',
      '[d, e]',
      '(x) => g(x, y)',
      'h: Map<A, B>',
    ]);
    expect(closingBracket('(((', 0)).toBeUndefined();
  });
});

describe('scanHtml', () => {
  it('finds tags, attributes in any quoting, and raw text', () => {
    const html = `<!-- <script> --><p title='a > b' hidden data-x=1>x</p><script src="./a.js" async></script><script>if (a < b) "</p>"</script >`;
    const tags = scanHtml(html);
    expect(tags.map(tag => tag.name)).toEqual(['p', 'script', 'script']);
    expect(tags[0]?.attributes.map(({ name, value }) => [name, value])).toEqual([
      ['title', 'a > b'],
      ['hidden', ''],
      ['data-x', '1'],
    ]);
    const [, first, second] = tags;
    const src = first && attributeOf(first, 'src');
    expect(html.slice(src?.valueStart, src?.valueEnd)).toBe('./a.js');
    expect(html.slice(second?.content?.start, second?.content?.end)).toBe('if (a < b) "</p>"');
  });

  it.each(['<', '<p', '<p a=', '<p a="', '<script>', '<!--', '< p>', '<p a=b', '<p / >'])(
    'bears %j',
    html => {
      expect(scanHtml(html).length).toBeLessThan(2);
    },
  );
});

describe('WIT', () => {
  it("finds no fault in the workbench's own world", () => {
    const text = readFileSync(
      resolve(import.meta.dirname, '../../../wit/alga-extension/2026-08/extension-runner.wit'),
      'utf8',
    );
    expect(syntaxFaults(text)).toEqual([]);
    expect(unknownFunctions(text)).toEqual([]);
  });

  it.each<[text: string, reason: RegExp]>([
    ['record a { b: string }', /record a/],
    ['package a:b;\nenum  e { x }', /enum e/],
    ['world w { import x: interface y; }', /named interface/],
    ['interface i { f: func() -> result<(), e>; }', /`_`/],
    ['interface i {', /balanced/],
  ])('finds the fault in %j', (text, reason) => {
    expect(syntaxFaults(text)[0]?.reason).toMatch(reason);
  });

  it('takes types inside interfaces and names that look like keywords', () => {
    expect(
      syntaxFaults(
        'interface i { record a { kind: string } type b = string; }\n// record x\nworld w { import i: interface { f: func(); } }',
      ),
    ).toEqual([]);
    expect(syntaxFaults('interface i { my-type a: func(); }')).toEqual([]);
  });

  it('finds functions that the runner does not have', () => {
    const faults = unknownFunctions(
      'interface secrets { get: func(k: string); list: func(); }\ninterface mine { list: func(); }',
    );
    expect(faults).toEqual([{ offset: 42, reason: 'the runner has no function `secrets.list`' }]);
  });
});

describe('rangeHolds', () => {
  it.each<[range: string, version: string, holds: boolean | undefined]>([
    ['^0.1.0', '0.2.0', false],
    ['^0.1.0', '0.1.9', true],
    ['^0.1', '0.1.9', true],
    ['^0', '0.9.0', true],
    ['^0.0.3', '0.0.4', false],
    ['^1.2.3', '1.9.0', true],
    ['^1.2.3', '2.0.0', false],
    ['^1.2.3', '1.2.2', false],
    ['~0.2.0', '0.2.9', true],
    ['~0.2.0', '0.3.0', false],
    ['~1', '1.9.0', true],
    ['>=0.1.0', '3.0.0', true],
    ['>=4', '3.0.0', false],
    ['0.2.0', '0.2.0', true],
    ['=0.2.0', '0.2.1', false],
    ['v0.2.0', '0.2.0', true],
    ['0.2.x', '0.2.7', true],
    ['0.x', '0.2.7', true],
    ['1', '0.2.7', false],
    ['*', '0.2.7', true],
    ['latest', '0.2.7', true],
    ['', '0.2.7', true],
    ['^0.1.0 || ^0.2.0', '0.2.7', true],
    ['^0.1.0 || file:../x', '0.2.7', undefined],
    ['workspace:*', '0.2.7', undefined],
    ['git+https://example.org/x', '0.2.7', undefined],
    ['1.0.0 - 2.0.0', '0.2.7', undefined],
  ])('%s holds %s: %s', (range, version, holds) => {
    expect(rangeHolds(range, version)).toBe(holds);
  });
});
