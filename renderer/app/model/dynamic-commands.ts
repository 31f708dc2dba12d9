import type { PreviewTheme, WorkbenchState } from '../../../contract/index.ts';
import { KIND_CHOICES } from '../lib/kinds-of-build.ts';
import { selectProject, showCentre } from './commands.ts';
import { setPreference, type ThemeChoice } from './preferences.ts';
import { act } from './toasts.ts';
import { openDialog, setDraft } from './view.ts';
import { focusedInstall, selectedProject } from './workbench.ts';

export interface DynamicCommand {
  readonly id: string;
  readonly title: string;
  readonly hint?: string;
  readonly run: () => void;
}

export interface CommandGroup {
  readonly group: string;
  readonly commands: readonly DynamicCommand[];
}

const WINDOW_THEMES: readonly (readonly [ThemeChoice, string])[] = [
  ['system', 'Window: theme of the system'],
  ['light', 'Window: light'],
  ['dark', 'Window: dark'],
  ['high-contrast', 'Window: high contrast'],
];
const PREVIEW_THEMES: readonly (readonly [PreviewTheme, string])[] = [
  ['light', 'Preview: light'],
  ['dark', 'Preview: dark'],
  ['high-contrast', 'Preview: high contrast'],
];

/** Commands that depend on what there is: projects, endpoints, users, templates, themes. */
export function dynamicCommands(state: WorkbenchState, chosenInstall: string | undefined): CommandGroup[] {
  const install = focusedInstall(state, chosenInstall);
  const groups: CommandGroup[] = [
    {
      group: 'Go to project',
      commands: state.projects.map(project => ({
        id: project.id,
        title: project.name,
        hint: project.folder,
        run: () => selectProject(project.id),
      })),
    },
    {
      group: 'Compose a request',
      commands: (install?.endpoints ?? []).map(({ method, path }) => ({
        id: `${method} ${path}`,
        title: `${method} ${path}`,
        run: () => {
          setDraft({ method, path, body: '' });
          showCentre('request');
        },
      })),
    },
    { group: 'Act as', commands: userCommands(state) },
    {
      group: 'New from template',
      commands: state.templates.map(({ id, title }) => ({
        id,
        title,
        run: () => openDialog('new-project', id),
      })),
    },
    { group: 'The handler runs as', commands: kindCommands(state) },
    { group: 'Theme', commands: themeCommands() },
    { group: 'Posture', commands: postureCommands() },
  ];
  return groups.filter(group => group.commands.length > 0);
}

function userCommands(state: WorkbenchState): DynamicCommand[] {
  const users = state.session.users.map(user => ({
    id: user.userId,
    title: `Act as ${user.name}`,
    hint: user.userType,
    run: () => act('session.set-user', { userId: user.userId }),
  }));
  return [...users, { id: 'signed-out', title: 'Sign out', run: () => act('session.set-user', {}) }];
}

function kindCommands(state: WorkbenchState): DynamicCommand[] {
  const projectId = selectedProject(state)?.id;
  if (projectId === undefined) return [];
  return KIND_CHOICES.map(({ value: kind, label, hint }) => ({
    id: kind,
    title: label,
    hint,
    run: () => act('project.set-kind', { projectId, kind }),
  }));
}

function themeCommands(): DynamicCommand[] {
  const ofWindow = WINDOW_THEMES.map(([theme, title]) => ({
    id: `window ${theme}`,
    title,
    run: () => setPreference({ theme }),
  }));
  const ofPreview = PREVIEW_THEMES.map(([theme, title]) => ({
    id: `preview ${theme}`,
    title,
    run: () => {
      setPreference({ previewFollowsWindow: false });
      act('preview.set-theme', { theme });
    },
  }));
  return [...ofWindow, ...ofPreview];
}

function postureCommands(): DynamicCommand[] {
  return [
    {
      id: 'faithful',
      title: 'Posture: faithful',
      hint: 'as production, quirks included',
      run: () => act('workbench.set-posture', { posture: 'faithful' }),
    },
    {
      id: 'strict',
      title: 'Posture: strict',
      hint: 'says what will hurt',
      run: () => act('workbench.set-posture', { posture: 'strict' }),
    },
  ];
}
