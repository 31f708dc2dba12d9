import type { HostPageState } from '../../contract/index.ts';
import { card, link } from './cards.ts';
import { ExtensionFrame } from './frame.ts';
import { registryIdIn, viewOf, type PageView } from './page-view.ts';
import type { ReportLine } from './reporter.ts';
import { THEME_CLASSES } from './themes.ts';

/** The platform's page: menu, top bar and content, brought up to date with each state. */
export class Page {
  readonly #line: ReportLine;
  readonly #registryId = registryIdIn(location.pathname);
  #state: HostPageState | undefined;
  #frame: ExtensionFrame | undefined;
  /** What the content shows when it is not a frame, to leave it alone while it is right. */
  #shown = '';

  constructor(line: ReportLine) {
    this.#line = line;
  }

  /** Shows a state; a frame stays as it is unless its extension's build or the user changed. */
  show(state: HostPageState): void {
    const view = viewOf(state, this.#registryId, location.origin);
    this.#state = state;
    const classes = THEME_CLASSES[state.theme];
    if (document.documentElement.className !== classes) document.documentElement.className = classes;
    this.#showMenu(state);
    this.#showTopBar(state, view);
    if (view.kind === 'frame') this.#showFrame(view, state);
    else this.#showCard(view);
  }

  /** Tells whether the gateway answers. */
  setOnline(online: boolean): void {
    byId('offline').hidden = online;
  }

  #showFrame(view: Extract<PageView, { kind: 'frame' }>, state: HostPageState): void {
    if (this.#frame?.key === view.key || this.#frame?.goTo(view)) return;
    this.#frame?.dispose();
    this.#shown = '';
    this.#frame = new ExtensionFrame(view, byId('content'), () => this.#state ?? state, this.#line);
  }

  #showCard(view: Exclude<PageView, { kind: 'frame' }>): void {
    const description = JSON.stringify(view);
    if (description === this.#shown) return;
    this.#frame?.dispose();
    this.#frame = undefined;
    this.#shown = description;
    byId('content').replaceChildren(card(view));
  }

  #showMenu(state: HostPageState): void {
    byId('tenant').textContent = state.tenantName;
    const items = state.extensions
      .filter(extension => extension.enabled && extension.menuLabel !== undefined)
      .map(extension => {
        const item = document.createElement('li');
        const anchor = link(extension);
        anchor.dataset['automationId'] = `ext-menu-${extension.registryId}`;
        if (extension.registryId === this.#registryId) anchor.setAttribute('aria-current', 'page');
        item.append(anchor);
        return item;
      });
    byId('menu').replaceChildren(...items);
  }

  #showTopBar(state: HostPageState, view: PageView): void {
    const extension = 'extension' in view ? view.extension : undefined;
    byId('title').textContent = extension?.menuLabel ?? extension?.name ?? 'Extensions';
    byId('version').textContent = extension === undefined ? '' : versionText(extension);
    byId('user').replaceChildren(...userText(state.user));
  }
}

function versionText(extension: { version: string; contentHash: string; enabled: boolean }): string {
  const hash = extension.contentHash.replace('sha256:', '').slice(0, 8);
  return `${extension.version} · ${hash}${extension.enabled ? '' : ' · disabled'}`;
}

function userText(user: HostPageState['user']): (Node | string)[] {
  if (user === undefined) return ['Signed out'];
  const badge = document.createElement('span');
  badge.className = 'badge';
  badge.textContent = user.userType;
  return [user.name, badge];
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element ${id}.`);
  return element;
}
