import { homedir } from 'node:os';
import path from 'node:path';
import {
  Posture,
  PreviewTheme,
  type IpcChannel,
  type IpcEventPayload,
  type IpcInput,
  type IpcOutput,
  type WorkbenchState,
} from '../../contract/index.ts';
import { bundlesInBackground } from '../bundle/index.ts';
import { createGateway, type BucketSize, type Gateway } from '../gateway/index.ts';
import { DebugFeed } from '../hosting/index.ts';
import { liveSecretValues } from '../registry/index.ts';
import { createTraffic, type Traffic } from '../traffic/index.ts';
import { createWorkspace, type Workspace } from '../workspace/index.ts';
import { openCore, type Core } from './core.ts';
import { Preparation } from './engines.ts';
import { ipcHandlers } from './ipc.ts';
import { openLocalRunner } from './local-runner.ts';
import { Opened } from './opened.ts';
import { pageServers } from './page-servers.ts';
import type { Resources } from './resources.ts';
import { POSTURE_SETTING, THEME_SETTING } from './settings.ts';

export interface ServicesOptions {
  readonly dataDir: string;
  readonly resources: Resources;
  readonly electronVersion?: string;
  /** Opens the runner's own port, too, as `xwb serve` does (spec 4.1). */
  readonly runnerPort?: boolean;
  /** Calls per tenant and extension; the platform's when absent. */
  readonly rateLimit?: BucketSize;
  /** Loopback port of the gateway; 0 or absent takes a free one. */
  readonly port?: number;
  /** Origins besides the gateway's own that may frame an extension: the workbench window. */
  readonly frameAncestors?: string[];
  readonly notices?: WorkbenchState['notices'];
}

/** A window shows no more than 60 states a second; a build passes through more. Milliseconds. */
const FRAME_MS = 16;

/** Channels that need the desktop shell; everything else is served here, for both faces alike. */
export type ShellChannel =
  'project.choose-folder' | 'project.open-file' | 'project.reveal' | 'install.open-in-browser';
export type ServiceChannel = Exclude<IpcChannel, ShellChannel>;
export type IpcHandlers = { [C in ServiceChannel]: (input: IpcInput<C>) => Promise<IpcOutput<C>> };

/** The running workbench. */
export interface Services {
  readonly ipc: IpcHandlers;
  readonly workspace: Workspace;
  readonly gateway: Gateway;
  readonly core: Core;
  /** Address of the runner's own port, where it was asked for. */
  readonly runnerUrl: string | undefined;
  state(): WorkbenchState;
  /** Called with the whole state whenever any of it changed, at most once a frame. */
  onState(listener: (state: WorkbenchState) => void): () => void;
  onTraffic(listener: (event: IpcEventPayload<'traffic'>) => void): () => void;
  projectFolder(projectId: string): string;
  previewUrl(registryId: string): string;
  close(): Promise<void>;
}

/** What the parts of the composition share. */
export interface Parts {
  readonly core: Core;
  readonly traffic: Traffic;
  readonly gateway: Gateway;
  readonly workspace: Workspace;
  readonly changed: () => void;
}

/** Builds every service from one options object; used by the application, `xwb serve` and tests alike. */
export async function createServices(options: ServicesOptions): Promise<Services> {
  const opened = new Opened();
  try {
    return await compose(options, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function compose(options: ServicesOptions, opened: Opened): Promise<Services> {
  const { toolchain, bundleWorker } = options.resources;
  const bundles = bundlesInBackground({ ...toolchain, script: bundleWorker });
  const core = await openCore(options.dataDir, options.resources, { bundles });
  opened.add(() => core.close());
  const { registry } = core;
  const traffic = createTraffic();
  opened.add(() => traffic.close());
  const debug = new DebugFeed();
  traffic.maskSecrets(liveSecretValues(registry));
  const gateway = await createGateway({
    registry,
    runner: core.runner,
    capabilities: core.capabilities,
    traffic,
    debug,
    hostPageDir: options.resources.hostPageDir,
    port: options.port ?? 0,
    ...(options.rateLimit && { rateLimit: options.rateLimit }),
    ...(options.frameAncestors && { frameAncestors: options.frameAncestors }),
  });
  opened.add(() => gateway.close());
  const workspace = createWorkspace({
    registry,
    runner: core.runner,
    templatesDir: options.resources.templatesDir,
    witFile: options.resources.witFile,
    build: core.build,
    pageServers: pageServers(gateway, options.resources),
  });
  opened.add(() => workspace.dispose());
  const templates = await workspace.templates();
  const theme = (): PreviewTheme => PreviewTheme.catch('light').parse(registry.setting(THEME_SETTING));
  const posture = (): Posture => Posture.catch('faithful').parse(registry.setting(POSTURE_SETTING));
  gateway.setTheme(theme());
  gateway.setPosture(posture());
  const localRunner = options.runnerPort ? await openLocalRunner(core, { debug, posture }) : undefined;
  opened.add(() => localRunner?.close());

  const state = (): WorkbenchState => ({
    templates,
    projects: workspace.views(),
    ...(workspace.selectedId !== undefined && { selectedProjectId: workspace.selectedId }),
    installs: registry.installs().map(install => ({
      ...install,
      previewUrl: gateway.previewUrl(install.registryId),
      ...(install.hasUi && {
        uiUrl: gateway.uiUrl({
          registryId: install.registryId,
          contentHash: install.buildHash,
          tenantId: registry.tenant().tenantId,
        }),
      }),
    })),
    session: sessionOf(core),
    previewTheme: theme(),
    posture: posture(),
    gateway: { url: gateway.url, port: gateway.port },
    runtime: {
      app: options.resources.version,
      node: process.versions.node,
      wasmtime: core.runner.wasmtime,
      ...(options.electronVersion !== undefined && { electron: options.electronVersion }),
    },
    ...(preparation.progress !== undefined && { preparing: preparation.progress }),
    notices: [...core.notices, ...(options.notices ?? [])],
    defaultProjectsFolder: path.join(homedir(), 'Extensions'),
  });

  const listeners = new Set<(state: WorkbenchState) => void>();
  let scheduled: NodeJS.Timeout | undefined;
  const changed = (): void => {
    scheduled ??= setTimeout(() => {
      scheduled = undefined;
      const now = state();
      for (const listener of listeners) listener(now);
    }, FRAME_MS);
  };
  const preparation = new Preparation(core.engines, options.resources, changed);
  const unsubscribe = [
    registry.onChange(() => {
      gateway.installsChanged();
      changed();
    }),
    workspace.onChange(changed),
  ];

  return {
    ipc: ipcHandlers({ core, traffic, gateway, workspace, changed }, state),
    workspace,
    gateway,
    core,
    runnerUrl: localRunner?.url,
    state,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onTraffic: listener => traffic.onChange(listener),
    projectFolder: projectId => workspace.session(projectId).folder,
    previewUrl: registryId => gateway.previewUrl(registryId),
    async close() {
      for (const stop of unsubscribe) stop();
      clearTimeout(scheduled);
      listeners.clear();
      preparation.dispose();
      await opened.close();
    },
  };
}

function sessionOf({ registry }: Core): WorkbenchState['session'] {
  const current = registry.currentUser();
  return {
    tenant: registry.tenant(),
    users: registry.users(),
    ...(current && { currentUserId: current.userId }),
  };
}
