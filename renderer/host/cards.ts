import type { HostPageExtension } from '../../contract/index.ts';
import type { PageView } from './page-view.ts';

type CardView = Exclude<PageView, { kind: 'frame' }>;

/** Content for every view that is not a frame. */
export function card(view: CardView): HTMLElement {
  switch (view.kind) {
    case 'signed-out':
      return panel('You are signed out', [
        paragraph(
          'The platform would show its sign-in page here, and every call of an extension answers 401.',
        ),
        paragraph('Choose a user in the workbench to go on.'),
      ]);
    case 'not-installed':
      return panel('This extension is not installed', [
        paragraph('Nothing is installed under this address:'),
        code(view.registryId),
        paragraph('Build the extension; a build installs itself, and this page then shows it.'),
      ]);
    case 'no-ui':
      return panel(`${view.extension.name} has no page`, noUi(view.extension));
    case 'list':
      return panel('Extensions', [list(view.extensions)]);
  }
}

function noUi(extension: HostPageExtension): HTMLElement[] {
  if (extension.endpoints.length === 0)
    return [paragraph('It has neither a UI nor declared endpoints, so the platform can do nothing with it.')];
  const rows = extension.endpoints.map(endpoint => {
    const row = document.createElement('li');
    const method = document.createElement('b');
    method.textContent = endpoint.method;
    row.append(method, ` ${endpoint.path}`);
    return row;
  });
  const endpoints = document.createElement('ul');
  endpoints.className = 'endpoints';
  endpoints.append(...rows);
  return [
    paragraph('It is a handler only. These endpoints answer:'),
    endpoints,
    paragraph('Call them from the Request tab of the workbench.'),
  ];
}

function list(extensions: readonly HostPageExtension[]): HTMLElement {
  if (extensions.length === 0)
    return paragraph('Nothing is installed yet. Build an extension; a build installs itself.');
  const items = document.createElement('ul');
  items.className = 'installed';
  items.append(
    ...extensions.map(extension => {
      const item = document.createElement('li');
      const state = extension.enabled ? '' : ', disabled';
      item.append(link(extension), ` ${extension.version}${state}`);
      return item;
    }),
  );
  return items;
}

/** A link to an extension's page, named as its menu item. */
export function link(extension: HostPageExtension): HTMLAnchorElement {
  const anchor = document.createElement('a');
  anchor.href = `/msp/extensions/${encodeURIComponent(extension.registryId)}/`;
  anchor.textContent = extension.menuLabel ?? extension.name;
  return anchor;
}

function panel(title: string, content: readonly HTMLElement[]): HTMLElement {
  const element = document.createElement('div');
  element.className = 'card';
  const heading = document.createElement('h2');
  heading.textContent = title;
  element.append(heading, ...content);
  return element;
}

function paragraph(text: string): HTMLElement {
  const element = document.createElement('p');
  element.textContent = text;
  return element;
}

function code(text: string): HTMLElement {
  const element = document.createElement('code');
  element.textContent = text;
  return element;
}
