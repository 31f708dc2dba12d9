import { z } from 'zod';
import type { ErrorValue } from './errors/index.ts';
import { BuildKind } from './models/build.ts';
import { Exchange, ExchangeSummary } from './models/traffic.ts';
import { PreviewTheme, Posture, WorkbenchState } from './models/state.ts';

const Nothing = z.undefined();
const ProjectRef = z.strictObject({ projectId: z.string() });
const InstallRef = z.strictObject({ registryId: z.string() });

/**
 * The whole of what the window may ask of the main process. Inputs are checked where they arrive in main,
 * outputs before they leave it; a channel that is not here does not exist.
 */
export const IPC = {
  'state.get': { input: Nothing, output: WorkbenchState },

  'project.create': {
    input: z.strictObject({ templateId: z.string(), folder: z.string() }),
    output: ProjectRef,
  },
  'project.open': { input: z.strictObject({ folder: z.string() }), output: ProjectRef },
  /** Shows the system's folder dialog; `folder` is absent when the user cancels. */
  'project.choose-folder': {
    input: z.strictObject({ title: z.string() }),
    output: z.strictObject({ folder: z.string().optional() }),
  },
  'project.select': { input: ProjectRef, output: Nothing },
  'project.close': { input: ProjectRef, output: Nothing },
  'project.build': { input: ProjectRef, output: Nothing },
  'project.cancel-build': { input: ProjectRef, output: Nothing },
  'project.set-kind': { input: ProjectRef.extend({ kind: BuildKind }), output: Nothing },
  'project.apply-fix': {
    input: z.strictObject({ projectId: z.string(), fixId: z.string() }),
    output: Nothing,
  },
  /** Opens a file of the project in the user's editor at a place. */
  'project.open-file': {
    input: z.strictObject({
      projectId: z.string(),
      file: z.string(),
      line: z.number().int().positive().optional(),
      column: z.number().int().positive().optional(),
    }),
    output: Nothing,
  },
  'project.reveal': { input: ProjectRef, output: Nothing },

  'install.set-enabled': { input: InstallRef.extend({ enabled: z.boolean() }), output: Nothing },
  'install.set-config': {
    input: InstallRef.extend({ config: z.record(z.string(), z.string()) }),
    output: Nothing,
  },
  /** Merges into the install's secrets; an empty value is ignored, as on the platform (spec 8). */
  'install.set-secret': {
    input: InstallRef.extend({ name: z.string().min(1), value: z.string() }),
    output: Nothing,
  },
  'install.clear-secrets': { input: InstallRef, output: Nothing },
  'install.open-in-browser': { input: InstallRef, output: Nothing },
  /** Calls a declared endpoint through the gateway as the current user; the answer shows up in traffic. */
  'install.send-request': {
    input: InstallRef.extend({
      method: z.string(),
      /** Path and query below the extension. */
      path: z.string(),
      body: z.string().optional(),
    }),
    output: z.strictObject({ traceId: z.string(), status: z.number().int() }),
  },

  'session.set-user': { input: z.strictObject({ userId: z.string().optional() }), output: Nothing },
  'preview.set-theme': { input: z.strictObject({ theme: PreviewTheme }), output: Nothing },
  'workbench.set-posture': { input: z.strictObject({ posture: Posture }), output: Nothing },

  'traffic.list': {
    input: z.strictObject({ filter: z.string() }),
    output: z.strictObject({
      entries: z.array(ExchangeSummary),
      total: z.number().int(),
      paused: z.boolean(),
    }),
  },
  'traffic.get': { input: z.strictObject({ id: z.number().int() }), output: Exchange.optional() },
  'traffic.clear': { input: Nothing, output: Nothing },
  'traffic.set-paused': { input: z.strictObject({ paused: z.boolean() }), output: Nothing },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type IpcChannel = keyof typeof IPC;
export type IpcInput<C extends IpcChannel> = z.infer<(typeof IPC)[C]['input']>;
export type IpcOutput<C extends IpcChannel> = z.infer<(typeof IPC)[C]['output']>;

/** What the application menu can ask of the window; the window carries the command out. */
export const MENU_COMMANDS = [
  'project.new',
  'project.open',
  'project.build',
  'project.cancel-build',
  'project.open-manifest',
  'project.reveal',
  'project.close',
  'preview.reload',
  'preview.open-in-browser',
  'view.palette',
  'view.preview',
  'view.manifest',
  'view.state',
  'view.request',
  'view.traffic',
  'view.problems',
  'view.logs',
  'view.build',
  'view.toggle-sidebar',
  'view.toggle-panel',
  'view.toggle-inspector',
  'view.next-region',
  'view.shortcuts',
  'traffic.filter',
  'traffic.clear',
  'traffic.toggle-paused',
] as const;
export const MenuCommand = z.enum(MENU_COMMANDS);
export type MenuCommand = z.infer<typeof MenuCommand>;

/** What main tells the window unasked. */
export const IPC_EVENTS = {
  command: z.strictObject({ id: MenuCommand }),
  state: WorkbenchState,
  /** Hops that are new or changed since the last event, at most one event per animation frame. */
  traffic: z.strictObject({
    upserts: z.array(ExchangeSummary),
    /** Ids that the recorder let go to stay within its bounds; absent when there are none. */
    removed: z.array(z.number().int()).optional(),
    cleared: z.boolean(),
    total: z.number().int(),
    paused: z.boolean(),
  }),
} as const satisfies Record<string, z.ZodType>;

export type IpcEvent = keyof typeof IPC_EVENTS;
export type IpcEventPayload<E extends IpcEvent> = z.infer<(typeof IPC_EVENTS)[E]>;

/** A call's answer as it crosses the bridge: Electron would strip a thrown error of its code. */
export type IpcResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorValue };

/** What the preload script gives the window as `window.workbench`. */
export interface WorkbenchBridge {
  invoke<C extends IpcChannel>(channel: C, input: IpcInput<C>): Promise<IpcResult<IpcOutput<C>>>;
  /** Listens to an event; the answer ends it. */
  on<E extends IpcEvent>(event: E, listener: (payload: IpcEventPayload<E>) => void): () => void;
}
