import { describe, expect, it } from 'vitest';
import { pageReferences, placeOfReference, rewritePage } from './html-page.ts';

const PAGE = `<!doctype html>
<head>
  <!-- <script src="./old.js"></script> -->
  <link rel="stylesheet" href="./a.css?v=1" />
  <link rel=icon href=./icon.svg>
  <link href='b.css' rel='preload stylesheet'>
  <title>x</title>
</head>
<script type="module" src="./main.ts" data-note="a > b"></script>
<SCRIPT SRC=classic.js></SCRIPT>
<script src="https://example.com/x.js"></script>
<script src="//example.com/x.js"></script>
<script>inline()</script>`;

describe('pageReferences', () => {
  it('finds what a page loads from its own files', () => {
    expect(pageReferences(PAGE).map(({ kind, url }) => [kind, url])).toEqual([
      ['style', './a.css'],
      ['style', 'b.css'],
      ['module', './main.ts'],
      ['script', 'classic.js'],
    ]);
  });

  it('tells the place of the address', () => {
    const module = pageReferences(PAGE).find(({ kind }) => kind === 'module');
    expect(module && placeOfReference(PAGE, module)).toEqual({ line: 9, column: 28 });
  });
});

describe('rewritePage', () => {
  it('replaces addresses where they stand and adds tags to the head', () => {
    const references = pageReferences(PAGE);
    const replacements = new Map(references.map((reference, index) => [reference, `./new-${index}`]));
    const page = rewritePage(PAGE, replacements, ['<link rel="stylesheet" href="./x.css" />']);
    expect(page).toContain('href="./new-0" />');
    expect(page).toContain("href='./new-1' rel='preload stylesheet'");
    expect(page).toContain('src="./new-2" data-note="a > b"');
    expect(page).toContain('<SCRIPT SRC=./new-3>');
    expect(page).toContain('<link rel="stylesheet" href="./x.css" /></head>');
    expect(page).toContain('./old.js');
  });

  it('puts tags first when there is no head', () => {
    expect(rewritePage('<p>hi</p>', new Map(), ['<link />'])).toBe('<link /><p>hi</p>');
  });
});
