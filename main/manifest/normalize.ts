import type { Endpoint, Manifest } from '../../contract/index.ts';
import { isArray, isFilled, isObject, valueAt } from './shape.ts';

/** Strips a leading `./` and collapses repeated slashes (spec 2.4: `ui.entry` and endpoint `handler`). */
export function normalizeFile(path: string): string {
  return path.replace(/^(?:\.\/+)+/, '').replace(/\/{2,}/g, '/');
}

/** An endpoint's path as stored: as {@link normalizeFile}, with one leading slash (spec 2.4). */
export function normalizeEndpointPath(path: string): string {
  const file = normalizeFile(path);
  return file.startsWith('/') ? file : `/${file}`;
}

/**
 * What the platform stores of a manifest (spec 2.4). Fields it drops are gone, so are extra keys of endpoints.
 *
 * @param value a parsed manifest that `validateManifest` found no issue with
 */
export function normalizeManifest(value: unknown): Manifest {
  const publisher = text(valueAt(value, 'publisher'));
  const ui = normalizeUi(valueAt(value, 'ui'));
  return {
    name: text(valueAt(value, 'name')),
    ...(publisher !== '' && { publisher }),
    version: text(valueAt(value, 'version')),
    runtime: text(valueAt(value, 'runtime')),
    capabilities: list(valueAt(value, 'capabilities')).filter(isFilled),
    ...(ui && { ui }),
    endpoints: list(valueAt(value, 'api', 'endpoints')).map(normalizeEndpoint),
  };
}

function normalizeUi(ui: unknown): Manifest['ui'] {
  if (!isObject(ui)) return undefined;
  const appMenu = label(ui, 'appMenu');
  const clientPortalMenu = label(ui, 'clientPortalMenu');
  return {
    type: 'iframe',
    entry: normalizeFile(text(valueAt(ui, 'entry'))),
    hooks: { ...(appMenu !== '' && { appMenu }), ...(clientPortalMenu !== '' && { clientPortalMenu }) },
  };
}

function normalizeEndpoint(row: unknown): Endpoint {
  return {
    method: text(valueAt(row, 'method')).toUpperCase(),
    path: normalizeEndpointPath(text(valueAt(row, 'path'))),
    handler: normalizeFile(text(valueAt(row, 'handler'))),
  };
}

function label(ui: unknown, hook: string): string {
  return text(valueAt(ui, 'hooks', hook, 'label')).trim();
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function list(value: unknown): readonly unknown[] {
  return isArray(value) ? value : [];
}
