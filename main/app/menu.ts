import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../contract/index.ts';

type Send = (id: MenuCommand) => void;
type Item = MenuItemConstructorOptions;

/**
 * Installs the application menu: every command of the window with its key, so that keys also work while the focus is in
 * an extension's frame, and the standard editing and window roles.
 */
export function installMenu(send: Send, platform: NodeJS.Platform): void {
  const item = (label: string, id: MenuCommand, accelerator?: string): Item => ({
    label,
    click: () => send(id),
    ...(accelerator !== undefined && { accelerator }),
  });
  const line: Item = { type: 'separator' };
  const template: Item[] = [
    {
      label: '&File',
      submenu: [
        item('New from template…', 'project.new', 'CmdOrCtrl+N'),
        item('Open folder…', 'project.open', 'CmdOrCtrl+O'),
        line,
        item('Open manifest.json', 'project.open-manifest'),
        item('Show folder', 'project.reveal'),
        item('Close project', 'project.close'),
        line,
        { role: platform === 'darwin' ? 'close' : 'quit' },
      ],
    },
    { label: '&Edit', role: 'editMenu' },
    {
      label: '&Project',
      submenu: [
        item('Build', 'project.build', 'CmdOrCtrl+Shift+B'),
        item('Cancel the build', 'project.cancel-build', 'CmdOrCtrl+.'),
        line,
        item('Reload the preview', 'preview.reload', 'CmdOrCtrl+R'),
        item('Open the preview in the browser', 'preview.open-in-browser', 'CmdOrCtrl+Shift+O'),
      ],
    },
    {
      label: '&Traffic',
      submenu: [
        item('Filter', 'traffic.filter', 'CmdOrCtrl+F'),
        item('Pause or resume', 'traffic.toggle-paused', 'CmdOrCtrl+Shift+P'),
        item('Clear', 'traffic.clear', 'CmdOrCtrl+L'),
      ],
    },
    { label: '&View', submenu: viewItems(item, line) },
    { label: '&Help', submenu: [item('Keyboard shortcuts', 'view.shortcuts', 'CmdOrCtrl+/')] },
  ];
  const whole: Item[] = platform === 'darwin' ? [{ role: 'appMenu' }, ...template] : template;
  Menu.setApplicationMenu(Menu.buildFromTemplate(whole));
}

function viewItems(item: (label: string, id: MenuCommand, accelerator?: string) => Item, line: Item): Item[] {
  return [
    item('Command palette', 'view.palette', 'CmdOrCtrl+K'),
    line,
    item('Preview', 'view.preview', 'CmdOrCtrl+1'),
    item('Manifest', 'view.manifest', 'CmdOrCtrl+2'),
    item('State', 'view.state', 'CmdOrCtrl+3'),
    item('Request', 'view.request', 'CmdOrCtrl+4'),
    line,
    item('Traffic', 'view.traffic', 'CmdOrCtrl+5'),
    item('Problems', 'view.problems', 'CmdOrCtrl+6'),
    item('Logs', 'view.logs', 'CmdOrCtrl+7'),
    item('Build', 'view.build', 'CmdOrCtrl+8'),
    line,
    item('Side bar', 'view.toggle-sidebar', 'CmdOrCtrl+B'),
    item('Bottom panel', 'view.toggle-panel', 'CmdOrCtrl+J'),
    item('Inspector', 'view.toggle-inspector', 'CmdOrCtrl+I'),
    item('Next part of the window', 'view.next-region', 'F6'),
    line,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    { role: 'toggleDevTools' },
  ];
}
