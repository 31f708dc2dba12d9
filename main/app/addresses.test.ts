import { describe, expect, it } from 'vitest';
import { externalUrl, isGatewayUrl, mayNavigate, mayUse, WINDOW_URL } from './addresses.ts';

describe('externalUrl', () => {
  it('lets plain https through', () => {
    expect(externalUrl('https://example.com/a?b=c#d')).toBe('https://example.com/a?b=c#d');
  });
  it.each([
    'http://example.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'vscode://file/etc/passwd',
    'https://user:secret@example.com',
    'https://user@example.com',
    'not a url',
    '',
    `https://example.com/${'x'.repeat(3000)}`,
  ])('refuses %s', url => {
    expect(externalUrl(url)).toBeUndefined();
  });
});

describe('isGatewayUrl', () => {
  it.each(['http://localhost:4310/', 'http://ab12cd34-00ff00ff.localhost:4310/ext-ui/x'])('knows %s', url => {
    expect(isGatewayUrl(url, 4310)).toBe(true);
  });
  it.each([
    'http://localhost:4311/',
    'https://localhost:4310/',
    'http://localhost.evil.example:4310/',
    'http://evillocalhost:4310/',
    'http://user@localhost:4310/',
    'http://127.0.0.1:4310/',
    'xwb://app/app/index.html',
  ])('refuses %s', url => {
    expect(isGatewayUrl(url, 4310)).toBe(false);
  });
  it('knows nothing before the gateway listens', () => {
    expect(isGatewayUrl('http://localhost:4310/', undefined)).toBe(false);
  });
});

describe('mayNavigate', () => {
  const main = { isMainFrame: true, gatewayPort: 4310 };
  const inner = { isMainFrame: false, gatewayPort: 4310 };
  it('keeps the window on its page', () => {
    expect(mayNavigate(WINDOW_URL, main)).toBe(true);
    for (const url of [
      'http://localhost:4310/',
      'https://example.com',
      'xwb://app/host/index.html',
      'about:blank',
    ]) {
      expect(mayNavigate(url, main)).toBe(false);
    }
  });
  it('keeps frames within the gateway', () => {
    for (const url of [
      'http://localhost:4310/x',
      'http://e.localhost:4310/',
      'about:blank',
      'about:srcdoc',
    ]) {
      expect(mayNavigate(url, inner)).toBe(true);
    }
    for (const url of ['https://example.com', 'file:///etc/passwd', WINDOW_URL, 'data:text/html,x']) {
      expect(mayNavigate(url, inner)).toBe(false);
    }
  });
});

describe('mayUse', () => {
  it('gives the window the clipboard to write to, and nobody anything else', () => {
    expect(mayUse('clipboard-sanitized-write', WINDOW_URL)).toBe(true);
    expect(mayUse('clipboard-sanitized-write', 'xwb://app')).toBe(true);
    expect(mayUse('clipboard-sanitized-write', 'http://e.localhost:4310/')).toBe(false);
    expect(mayUse('clipboard-sanitized-write', 'xwb://app.evil/')).toBe(false);
    for (const permission of [
      'clipboard-read',
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'usb',
    ]) {
      expect(mayUse(permission, WINDOW_URL)).toBe(false);
    }
  });
});
