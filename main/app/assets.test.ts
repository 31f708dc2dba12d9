import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assetHeaders, contentSecurityPolicy, resolveAsset } from './assets.ts';

const root = join('/', 'opt', 'renderer');

describe('resolveAsset', () => {
  it('finds the page and its files', () => {
    expect(resolveAsset(root, 'xwb://app/app/index.html')).toEqual({
      file: join(root, 'app', 'index.html'),
      contentType: 'text/html; charset=utf-8',
    });
    expect(resolveAsset(root, 'xwb://app/assets/main-1a2b.js?v=1')?.file).toBe(
      join(root, 'assets', 'main-1a2b.js'),
    );
  });
  it.each([
    'xwb://app/../secret.json',
    'xwb://app/%2e%2e/secret.json',
    'xwb://app/..%2fsecret.json',
    'xwb://app/%252e%252e/secret.json',
    'xwb://app/a/..%5c..%5csecret.json',
    'xwb://app/a%00.html',
    'xwb://app/c:/secret.json',
    'xwb://app/.env.json',
    'xwb://app/.hidden/a.js',
    'xwb://app/%zz.js',
    'xwb://app/',
    'xwb://app/app',
    'xwb://app/main.node',
    'xwb://other/app/index.html',
    'xwb://app:80/app/index.html',
    'http://app/app/index.html',
    'nonsense',
  ])('never leaves the folder or its kinds of files: %s', address => {
    const asset = resolveAsset(root, address);
    // A leading `..` is removed while the address is parsed; what is left must lie in the folder.
    if (asset) expect(asset.file).toBe(join(root, 'secret.json'));
  });
});

describe('contentSecurityPolicy', () => {
  it('allows no inline script, no eval, no plug-in and no remote origin', () => {
    const policy = contentSecurityPolicy('abc');
    expect(policy).not.toMatch(/unsafe|\*(?!$|;)|https:/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain('frame-src http://localhost:*;');
    expect(assetHeaders('text/html', 'abc')['x-content-type-options']).toBe('nosniff');
  });
});
