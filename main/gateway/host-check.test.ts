import { describe, expect, it } from 'vitest';
import { extensionHostLabel } from '../hosting/index.ts';
import { siteOf } from './host-check.ts';

const LABEL = '0f0e0d0c-aabbccdd';
const known = (label: string): string | undefined => (label === LABEL ? 'registry-1' : undefined);

describe('extensionHostLabel', () => {
  it('takes the first eight hex digits of both ids', () => {
    expect(extensionHostLabel('0F0E0D0C-1111-4222', 'aabbccdd-9999')).toBe(LABEL);
  });
});

describe('siteOf', () => {
  it.each([
    ['localhost:4310', { kind: 'main', origin: 'http://localhost:4310' }],
    ['LOCALHOST:4310', { kind: 'main', origin: 'http://localhost:4310' }],
    ['127.0.0.1:4310', { kind: 'main', origin: 'http://127.0.0.1:4310' }],
    [`${LABEL}.localhost:4310`, { kind: 'extension', registryId: 'registry-1' }],
    [`${LABEL.toUpperCase()}.localhost:4310`, { kind: 'extension', registryId: 'registry-1' }],
  ])('owns %s', (host, site) => {
    expect(siteOf(host, 4310, known)).toEqual(site);
  });

  it.each([
    undefined,
    '',
    'localhost',
    'localhost:4311',
    'localhost:4310.evil.example',
    'evil.example:4310',
    'localhost.evil.example:4310',
    `${LABEL}.localhost.evil.example:4310`,
    '00000000-00000000.localhost:4310',
    'x.localhost:4310',
    '[::1]:4310',
    '0.0.0.0:4310',
    'user@localhost:4310',
  ])('refuses %s', host => {
    expect(siteOf(host, 4310, known)).toBeUndefined();
  });

  it('needs no port where it is the default one', () => {
    expect(siteOf('localhost', 80, known)).toEqual({ kind: 'main', origin: 'http://localhost' });
  });
});
