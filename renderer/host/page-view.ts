import type { HostPageExtension, HostPageState } from '../../contract/index.ts';

/** What the page shows in its content area. */
export type PageView =
  | { readonly kind: 'list'; readonly extensions: readonly HostPageExtension[] }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'not-installed'; readonly registryId: string }
  | { readonly kind: 'no-ui'; readonly extension: HostPageExtension }
  | {
      readonly kind: 'frame';
      readonly extension: HostPageExtension;
      readonly src: string;
      readonly frameOrigin: string;
      /** Another key is another frame: the address changed, or who looks at it. */
      readonly key: string;
    };

/** The registry id in the page's address, `/msp/extensions/<id>`; undefined for the list. */
export function registryIdIn(pathname: string): string | undefined {
  const id = /^\/msp\/extensions\/([^/]+)\/?$/.exec(pathname)?.[1];
  return id === undefined ? undefined : decodeURIComponent(id);
}

/**
 * Chooses the view for a state. Like the platform's page it shows any installed extension, enabled or not; only
 * its calls are refused then (spec ui-bridge 8).
 *
 * @param pageOrigin origin of the host page, which the frame is told and then loses on its redirect (1.2, 1.3)
 */
export function viewOf(state: HostPageState, registryId: string | undefined, pageOrigin: string): PageView {
  if (state.user === undefined) return { kind: 'signed-out' };
  if (registryId === undefined) return { kind: 'list', extensions: state.extensions };
  const extension = state.extensions.find(each => each.registryId === registryId);
  if (extension === undefined) return { kind: 'not-installed', registryId };
  const { frameOrigin, fragment = '' } = extension;
  if (frameOrigin === undefined) return { kind: 'no-ui', extension };
  const src = frameSource(frameOrigin, pageOrigin, extension.contentHash);
  const key = `${src} ${state.user.userId}`;
  // The route that a page keeps in its fragment outlives the build; its redirect hands it on.
  return { kind: 'frame', extension, src: fragment === '' ? src : `${src}#${fragment}`, frameOrigin, key };
}

/** Address of the frame in the domain host's form (spec ui-bridge 1.2). */
export function frameSource(frameOrigin: string, pageOrigin: string, contentHash: string): string {
  return `${frameOrigin}?parentOrigin=${encodeURIComponent(pageOrigin)}&_h=${encodeURIComponent(contentHash)}`;
}
