import type { Manifest } from '../../../contract/index.ts';
import type { Issue } from '../issues.ts';
import { isObject, valueAt } from '../shape.ts';

const UI_FIELDS: readonly string[] = ['type', 'entry', 'hooks'];
const HOOKS: readonly string[] = ['appMenu', 'clientPortalMenu'];

/** The `ui` part: entry, menus, fields nobody reads, UI without a component (spec 1.2, 2.2, 5.1, 5.7, 6.3). */
export function lintUi(value: unknown, manifest: Manifest): Issue[] {
  const { ui } = manifest;
  if (ui === undefined) return manifest.endpoints.length === 0 ? [empty()] : [];
  return [
    ...(ui.entry === 'ui/index.html' || ui.entry === 'index.html' ? [] : [entryIgnored(ui.entry)]),
    ...unreadFields(valueAt(value, 'ui')),
    ...menus(ui.hooks, manifest.endpoints.length > 0),
    ...(manifest.endpoints.length === 0 && manifest.runtime.startsWith('wasm') ? [uiOnly()] : []),
  ];
}

function empty(): Issue {
  return {
    rule: 'empty',
    path: [],
    message:
      'The manifest declares neither a `ui` nor `api.endpoints`: the extension can be installed, but does nothing.',
    help: 'Declare the endpoints of the handler, or a user interface.',
  };
}

function entryIgnored(entry: string): Issue {
  return {
    rule: 'entry-ignored',
    path: ['ui', 'entry'],
    message: `The platform always opens ui/index.html and never ${entry}.`,
    help: 'Name the page index.html at the top of the ui folder and write "ui/index.html".',
  };
}

function unreadFields(ui: unknown): Issue[] {
  const hooks = valueAt(ui, 'hooks');
  const fields = isObject(ui) ? Object.keys(ui).filter(key => !UI_FIELDS.includes(key)) : [];
  const others = isObject(hooks) ? Object.keys(hooks).filter(key => !HOOKS.includes(key)) : [];
  return [...fields.map(key => ['ui', key]), ...others.map(key => ['ui', 'hooks', key])].map(path => ({
    rule: 'dead-field',
    path,
    at: 'key',
    message: `\`${path.join('.')}\` is accepted, then dropped: no part of the platform reads it.`,
    help: 'Remove it.',
  }));
}

function menus(
  hooks: { appMenu?: string | undefined; clientPortalMenu?: string | undefined },
  callable: boolean,
): Issue[] {
  const issues: Issue[] = [];
  if (hooks.appMenu === undefined && hooks.clientPortalMenu === undefined) {
    issues.push({
      rule: 'no-menu',
      path: ['ui'],
      at: 'key',
      message: 'Without a menu hook no menu of the platform leads to the user interface.',
      help: 'Add "hooks": {"appMenu": {"label": "…"}}.',
    });
  }
  if (hooks.clientPortalMenu === undefined && callable) {
    issues.push({
      rule: 'no-client-portal',
      severity: 'info',
      path: ['ui'],
      at: 'key',
      message:
        'Client users get 403 from every endpoint, because `ui.hooks.clientPortalMenu` is not declared.',
      help: 'Declare it if users of the client portal shall use the extension.',
    });
  }
  return issues;
}

function uiOnly(): Issue {
  return {
    rule: 'ui-only',
    severity: 'info',
    path: ['runtime'],
    message:
      'The official command line refuses to build and pack a UI without a component when the runtime is a wasm one.',
    help: 'The workbench packs it, and the platform accepts the bundle.',
  };
}
