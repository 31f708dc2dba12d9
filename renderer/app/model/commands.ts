import type { MenuCommand } from '../../../contract/index.ts';
import { matchesShortcut, onMac, type Shortcut } from '../lib/keys.ts';
import { call } from './bridge.ts';
import { showPanel, togglePanel } from './panels.ts';
import { setPreference, type CentreTab, type PanelTab } from './preferences.ts';
import { focusNextRegion, focusRegion, type Region } from './regions.ts';
import { act, reportFailure } from './toasts.ts';
import { useTraffic } from './traffic.ts';
import { openDialog, reloadPreview, useView } from './view.ts';
import { focusedInstall, selectedProject, workbenchState } from './workbench.ts';

export interface Command {
  readonly title: string;
  readonly group: 'Project' | 'Preview' | 'Traffic' | 'View';
  readonly keys?: Shortcut;
  /** May it run now? Absent means always. */
  readonly enabled?: () => boolean;
  readonly run: () => void;
}

const project = () => selectedProject(workbenchState());
const install = () => focusedInstall(workbenchState(), useView.getState().chosenInstall);
const building = (): boolean => project()?.build.status === 'building';

/** Everything the window can be told to do, by the names the application menu uses. */
export const COMMANDS: Readonly<Record<MenuCommand, Command>> = {
  'project.new': {
    title: 'New from template…',
    group: 'Project',
    keys: 'Mod+N',
    run: () => openDialog('new-project'),
  },
  'project.open': { title: 'Open folder…', group: 'Project', keys: 'Mod+O', run: () => void openFolder() },
  'project.build': {
    title: 'Build',
    group: 'Project',
    keys: 'Mod+Shift+B',
    enabled: () => project() !== undefined && !building(),
    run: () => withProject(projectId => act('project.build', { projectId })),
  },
  'project.cancel-build': {
    title: 'Cancel the build',
    group: 'Project',
    keys: 'Mod+.',
    enabled: building,
    run: () => withProject(projectId => act('project.cancel-build', { projectId })),
  },
  'project.open-manifest': {
    title: 'Open manifest.json in the editor',
    group: 'Project',
    enabled: () => project() !== undefined,
    run: () => withProject(projectId => act('project.open-file', { projectId, file: 'manifest.json' })),
  },
  'project.reveal': {
    title: 'Show the project folder',
    group: 'Project',
    enabled: () => project() !== undefined,
    run: () => withProject(projectId => act('project.reveal', { projectId })),
  },
  'project.close': {
    title: 'Close the project',
    group: 'Project',
    enabled: () => project() !== undefined,
    run: () => withProject(projectId => act('project.close', { projectId })),
  },
  'preview.reload': {
    title: 'Reload the preview',
    group: 'Preview',
    keys: 'Mod+R',
    enabled: () => install() !== undefined,
    run: reloadPreview,
  },
  'preview.open-in-browser': {
    title: 'Open the preview in the browser',
    group: 'Preview',
    keys: 'Mod+Shift+O',
    enabled: () => install() !== undefined,
    run: () => {
      const registryId = install()?.registryId;
      if (registryId !== undefined) act('install.open-in-browser', { registryId });
    },
  },
  'traffic.filter': { title: 'Filter the traffic', group: 'Traffic', keys: 'Mod+F', run: focusFilter },
  'traffic.toggle-paused': {
    title: 'Pause or resume recording',
    group: 'Traffic',
    keys: 'Mod+Shift+P',
    run: () => act('traffic.set-paused', { paused: !useTraffic.getState().paused }),
  },
  'traffic.clear': {
    title: 'Clear the traffic',
    group: 'Traffic',
    keys: 'Mod+L',
    run: () => act('traffic.clear', undefined),
  },
  'view.palette': {
    title: 'Run a command…',
    group: 'View',
    keys: 'Mod+K',
    run: () => openDialog('palette'),
  },
  'view.preview': centre('Show the preview', 'preview', 'Mod+1'),
  'view.manifest': centre('Show the manifest', 'manifest', 'Mod+2'),
  'view.state': centre('Show config and secrets', 'state', 'Mod+3'),
  'view.request': centre('Compose a request', 'request', 'Mod+4'),
  'view.traffic': panel('Show the traffic', 'traffic', 'Mod+5'),
  'view.problems': panel('Show the problems', 'problems', 'Mod+6'),
  'view.logs': panel('Show the logs', 'logs', 'Mod+7'),
  'view.build': panel('Show the build', 'build', 'Mod+8'),
  'view.toggle-sidebar': {
    title: 'Fold or unfold the side bar',
    group: 'View',
    keys: 'Mod+B',
    run: () => togglePanel('sidebar'),
  },
  'view.toggle-panel': {
    title: 'Fold or unfold the bottom panel',
    group: 'View',
    keys: 'Mod+J',
    run: () => togglePanel('panel'),
  },
  'view.toggle-inspector': {
    title: 'Fold or unfold the inspector',
    group: 'View',
    keys: 'Mod+I',
    run: () => togglePanel('inspector'),
  },
  'view.next-region': {
    title: 'Go to the next part of the window',
    group: 'View',
    keys: 'F6',
    run: () => focusNextRegion(1),
  },
  'view.shortcuts': {
    title: 'Keyboard shortcuts',
    group: 'View',
    keys: 'Mod+/',
    run: () => openDialog('shortcuts'),
  },
};

/** Runs a command unless it does not apply now. */
export function runCommand(id: MenuCommand): void {
  const command = COMMANDS[id];
  if (command.enabled?.() !== false) command.run();
}

/** Listens to the menu and the keyboard; the answer ends that. */
export function connectCommands(): () => void {
  const stop = window.workbench.on('command', ({ id }) => runCommand(id));
  const mac = onMac();
  const pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    if (event.key === 'F6' && event.shiftKey) {
      event.preventDefault();
      focusNextRegion(-1);
      return;
    }
    for (const [id, { keys }] of Object.entries(COMMANDS)) {
      if (keys === undefined || !matchesShortcut(keys, event, mac)) continue;
      event.preventDefault(); // else the menu would run it a second time
      runCommand(id as MenuCommand);
      return;
    }
  };
  window.addEventListener('keydown', pressed);
  return () => {
    stop();
    window.removeEventListener('keydown', pressed);
  };
}

export function showCentre(tab: CentreTab): void {
  setPreference({ centreTab: tab });
}

export function showPanelTab(tab: PanelTab): void {
  setPreference({ panelTab: tab });
  showPanel('panel');
}

/** Selects a project and makes its install the one shown. */
export function selectProject(projectId: string): void {
  useView.setState({ chosenInstall: undefined });
  act('project.select', { projectId });
}

async function openFolder(): Promise<void> {
  try {
    const { folder } = await call('project.choose-folder', { title: 'Open an extension' });
    if (folder === undefined) return;
    await call('project.open', { folder });
    useView.setState({ chosenInstall: undefined });
  } catch (error) {
    reportFailure(error);
  }
}

function withProject(run: (projectId: string) => void): void {
  const id = project()?.id;
  if (id !== undefined) run(id);
}

/** Shows a part of the window and takes the focus there. */
function goTo(region: Region, show: () => void): void {
  show();
  requestAnimationFrame(() => focusRegion(region));
}

function centre(title: string, tab: CentreTab, keys: Shortcut): Command {
  return { title, group: 'View', keys, run: () => goTo('main', () => showCentre(tab)) };
}

function panel(title: string, tab: PanelTab, keys: Shortcut): Command {
  return { title, group: 'View', keys, run: () => goTo('panel', () => showPanelTab(tab)) };
}

function focusFilter(): void {
  showPanelTab('traffic');
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('[data-traffic-filter]')?.focus());
}
