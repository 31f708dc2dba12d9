import type { Envelope } from '@alga-psa/extension-iframe-sdk';
import { connect, parentOrigin } from './bridge.ts';
import { TOKENS } from './tokens.ts';

const MAX_MESSAGES = 20;

const bridge = connect();
const messages = element('messages');

element('parent').textContent = parentOrigin() ?? 'unknown';
element('origin').textContent = location.origin;
logMessage('to the platform', 'ready');
showTokens();

bridge.on((message: Envelope) => {
  logMessage('from the platform', message.type);
  if (message.type !== 'theme') return;
  element('theme-state').textContent = 'As the platform sent it.';
  showTokens();
});

element('resize').addEventListener('click', () => {
  const height = document.documentElement.scrollHeight;
  bridge.emitToHost('resize', { height });
  logMessage('to the platform', `resize ${height} px`);
});

function showTokens() {
  const styles = getComputedStyle(document.documentElement);
  element('tokens').replaceChildren(
    ...TOKENS.map(name => tokenItem(name, styles.getPropertyValue(name).trim())),
  );
}

function tokenItem(name: string, value: string): HTMLLIElement {
  const swatch = document.createElement('span');
  swatch.className = 'swatch';
  swatch.style.background = value;
  const label = document.createElement('code');
  label.textContent = name;
  const shown = document.createElement('span');
  shown.className = 'muted';
  shown.textContent = value || 'not set';
  const item = document.createElement('li');
  item.append(swatch, label, shown);
  return item;
}

function logMessage(direction: string, what: string) {
  const item = document.createElement('li');
  const time = document.createElement('time');
  time.className = 'muted';
  time.textContent = new Date().toLocaleTimeString();
  item.append(time, ` ${direction}: ${what}`);
  messages.prepend(item);
  while (messages.childElementCount > MAX_MESSAGES) messages.lastElementChild?.remove();
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
}
