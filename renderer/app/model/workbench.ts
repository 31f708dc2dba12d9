import { create } from 'zustand';
import type { ErrorValue, InstallView, ProjectView, WorkbenchState } from '../../../contract/index.ts';
import { call, errorValue } from './bridge.ts';

interface WorkbenchStore {
  /** Absent until main has answered for the first time. */
  readonly state: WorkbenchState | undefined;
  /** Why main could not answer. */
  readonly failure: ErrorValue | undefined;
}

export const useWorkbench = create<WorkbenchStore>()(() => ({ state: undefined, failure: undefined }));

/** Asks for the whole state and keeps it current; the answer ends that. */
export function connectWorkbench(): () => void {
  const stop = window.workbench.on('state', state => useWorkbench.setState({ state, failure: undefined }));
  call('state.get', undefined).then(
    state => useWorkbench.setState(current => (current.state ? current : { state, failure: undefined })),
    (error: unknown) => useWorkbench.setState({ failure: errorValue(error) }),
  );
  return stop;
}

/** The state, for code that runs only once there is one. */
export function workbenchState(): WorkbenchState | undefined {
  return useWorkbench.getState().state;
}

export function selectedProject(state: WorkbenchState | undefined): ProjectView | undefined {
  return state?.projects.find(project => project.id === state.selectedProjectId);
}

/** The project that made an install, when it is open. */
export function projectOf(state: WorkbenchState, registryId: string): ProjectView | undefined {
  return state.projects.find(project => project.registryId === registryId);
}

/**
 * The install that preview, manifest, state and request are about: the one chosen in the side bar, else the
 * selected project's own.
 */
export function focusedInstall(
  state: WorkbenchState | undefined,
  chosen: string | undefined,
): InstallView | undefined {
  const registryId = chosen ?? selectedProject(state)?.registryId;
  return state?.installs.find(install => install.registryId === registryId);
}
