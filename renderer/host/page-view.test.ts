import { describe, expect, it } from 'vitest';
import type { HostPageExtension, HostPageState } from '../../contract/index.ts';
import { registryIdIn, viewOf, type PageView } from './page-view.ts';

const PAGE = 'http://localhost:4310';
const extension: HostPageExtension = {
  registryId: 'id-1',
  name: 'invoice-helper',
  publisher: 'Acme',
  version: '0.3.1',
  contentHash: 'sha256:ab',
  enabled: true,
  endpoints: [],
  frameOrigin: 'http://a-b.localhost:4310',
};
const state: HostPageState = {
  tenantName: 'Acme',
  user: { userId: 'u1', name: 'Demo Agent', userType: 'internal' },
  theme: 'light',
  posture: 'faithful',
  extensions: [extension],
};
const signedOut = { ...state };
delete signedOut.user;
const handlerOnly = { ...extension };
delete handlerOnly.frameOrigin;

describe('registryIdIn', () => {
  it.each([
    ['/msp/extensions/id-1', 'id-1'],
    ['/msp/extensions/id-1/', 'id-1'],
    ['/msp/extensions/a%20b', 'a b'],
    ['/msp/extensions', undefined],
    ['/msp/extensions/', undefined],
  ])('%s', (path, id) => {
    expect(registryIdIn(path)).toBe(id);
  });
});

describe('viewOf', () => {
  it('frames the extension under the domain host’s address (spec ui-bridge 1.2)', () => {
    expect(viewOf(state, 'id-1', PAGE)).toMatchObject({
      kind: 'frame',
      src: 'http://a-b.localhost:4310?parentOrigin=http%3A%2F%2Flocalhost%3A4310&_h=sha256%3Aab',
      frameOrigin: 'http://a-b.localhost:4310',
    });
  });

  it.each<[string, HostPageState, string | undefined, string]>([
    ['signed out', signedOut, 'id-1', 'signed-out'],
    ['the list', state, undefined, 'list'],
    ['not installed', state, 'id-2', 'not-installed'],
    ['a handler only', { ...state, extensions: [handlerOnly] }, 'id-1', 'no-ui'],
    [
      'disabled, which the page does not ask',
      { ...state, extensions: [{ ...extension, enabled: false }] },
      'id-1',
      'frame',
    ],
  ])('%s', (_name, given, id, kind) => {
    expect(viewOf(given, id, PAGE).kind).toBe(kind);
  });

  it('begins where the page stood, and is the same frame wherever that is', () => {
    const at = (fragment: string): PageView =>
      viewOf({ ...state, extensions: [{ ...extension, fragment }] }, 'id-1', PAGE);
    expect(at('/notes/3')).toMatchObject({
      src: expect.stringMatching(/&_h=sha256%3Aab#\/notes\/3$/) as string,
    });
    expect(at('')).toEqual({ ...viewOf(state, 'id-1', PAGE), extension: { ...extension, fragment: '' } });
    expect(at('/notes/3')).toHaveProperty('key', (at('/else') as { key: string }).key);
  });

  it('is another frame for another build or another user, and the same one for another theme', () => {
    const key = (changed: HostPageState): unknown => {
      const view = viewOf(changed, 'id-1', PAGE);
      return view.kind === 'frame' ? view.key : undefined;
    };
    const first = key(state);
    expect(key({ ...state, theme: 'dark', posture: 'strict' })).toBe(first);
    expect(key({ ...state, extensions: [{ ...extension, contentHash: 'sha256:cd' }] })).not.toBe(first);
    expect(key({ ...state, user: { userId: 'u2', name: 'x', userType: 'client' } })).not.toBe(first);
  });
});
