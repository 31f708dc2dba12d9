import { describe, expect, it } from 'vitest';
import { readUiPath, uiMediaType } from './ui-path.ts';

describe('readUiPath (spec 5.3)', () => {
  it.each([
    ['', ''],
    ['index.html', 'index.html'],
    ['a/b.js', 'a/b.js'],
    ['a//b///c.css', 'a/b/c.css'],
    ['/a.js', 'a.js'],
    ['route/without/extension', 'route/without/extension'],
    ['A.JS', 'A.JS'],
    ['a.b.c.woff2', 'a.b.c.woff2'],
    ['dir.with.dots/file', 'dir.with.dots/file'],
    ['a%20b.js', 'a b.js'],
    ['folder/', 'folder'],
  ])('takes %j', (encoded, path) => {
    expect(readUiPath(encoded)).toBe(path);
  });

  it.each([
    '..',
    '../secret.js',
    'a/../b.js',
    '%2e%2e/b.js',
    'a/%2e%2e%2fb.js',
    './a.js',
    '.hidden',
    'a/.hidden/b.js',
    'a\\b.js',
    'a%5cb.js',
    'a%00.js',
    'a%0a.js',
    'broken%zz',
    'x.mjs',
    'x.gif',
    'x.ico',
    'x.txt',
    'x.ttf',
    'x.wasm',
    'x.xml',
    'x.webmanifest',
    'trailing.',
  ])('refuses %j', encoded => {
    expect(readUiPath(encoded)).toBeUndefined();
  });
});

describe('uiMediaType (spec 5.4)', () => {
  it.each([
    ['a.html', 'text/html'],
    ['a.js', 'text/javascript'],
    ['a.css', 'text/css'],
    ['a.json', 'application/json'],
    ['a.svg', 'image/svg+xml'],
    ['a.PNG', 'image/png'],
    ['a.jpg', 'image/jpeg'],
    ['a.jpeg', 'image/jpeg'],
    ['a.webp', 'image/webp'],
    ['a.woff', 'font/woff'],
    ['a.woff2', 'font/woff2'],
    ['a.js.map', 'application/octet-stream'],
    ['LICENSE', 'application/octet-stream'],
  ])('%s is %s', (path, type) => {
    expect(uiMediaType(path)).toBe(type);
  });
});
