import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { WorkbenchError, type BuildKind, type ProjectView, type Template } from '../../contract/index.ts';
import { applyFix, createFromTemplate, listTemplates, readProject } from '../project/index.ts';
import type { Registry } from '../registry/index.ts';
import type { DevelopmentRunner } from '../runner/index.ts';
import type { PageServers } from './pages.ts';
import type { SessionBuild } from './save-run.ts';
import { ProjectSession } from './session.ts';

export interface WorkspaceOptions {
  readonly registry: Registry;
  readonly runner: DevelopmentRunner;
  readonly templatesDir: string;
  /** The workbench's own WIT file, which a fix may put into a project. */
  readonly witFile: string;
  readonly build: SessionBuild;
  readonly pageServers: PageServers;
}

/** The open projects, remembered from one start to the next. */
export interface Workspace {
  templates(): Promise<Template[]>;
  views(): ProjectView[];
  readonly selectedId: string | undefined;
  /** Makes a folder from a template and opens it; resolves to the project's id. */
  create(templateId: string, folder: string): Promise<string>;
  /** Opens a folder, watches it and starts its first build, which calls wait for; resolves to the project's id. */
  open(folder: string): Promise<string>;
  select(id: string): void;
  close(id: string): Promise<void>;
  /** The open project of that id; throws `project.unknown`. */
  session(id: string): ProjectSession;
  applyFix(id: string, fixId: string): Promise<void>;
  /** Chooses how a project's handler runs while it is open; remembered. Throws `project.unknown`. */
  setKind(id: string, kind: BuildKind): void;
  /**
   * Opens again what was open when the workbench was last closed; a folder that is gone is listed with that problem.
   * All are listed at once; it resolves when calls wait for their first builds.
   */
  restore(): Promise<void>;
  onChange(listener: () => void): () => void;
  dispose(): Promise<void>;
}

const OPEN_PROJECTS = 'workspace.projects';
const SELECTED = 'workspace.selected';
const RELEASES = 'workspace.releases';
const Names = z.array(z.string());

/** Opens no project by itself; see {@link Workspace.restore}. */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { registry } = options;
  const sessions = new Map<string, ProjectSession>();
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };

  const kinds = openKinds(registry);

  const session = (id: string): ProjectSession => {
    const found = sessions.get(id);
    if (!found) throw new WorkbenchError('project.unknown');
    return found;
  };
  const remember = (): void => {
    registry.setSetting(OPEN_PROJECTS, JSON.stringify([...sessions.values()].map(each => each.folder)));
    changed();
  };
  const selectedId = (): string | undefined => {
    const id = registry.setting(SELECTED);
    return id !== undefined && sessions.has(id) ? id : sessions.keys().next().value;
  };
  const select = (id: string): void => {
    session(id);
    registry.setSetting(SELECTED, id);
    changed();
  };

  /** Starts the session of a folder without remembering it; `real` has no links in it. Resolves to the id. */
  const start = async (real: string): Promise<string> => {
    const id = createHash('sha256').update(real).digest('hex').slice(0, 12);
    if (!sessions.has(id)) {
      const opened = new ProjectSession({
        id,
        folder: real,
        registry,
        runner: options.runner,
        build: options.build,
        pageServers: options.pageServers,
        kind: kinds.of(id),
        onChange: changed,
      });
      sessions.set(id, opened);
      await opened.start();
    }
    return id;
  };
  const open = async (folder: string): Promise<string> => {
    const project = await readProject(path.resolve(folder));
    const id = await start(await realpath(project.folder));
    remember();
    select(id);
    return id;
  };

  return {
    templates: () => listTemplates(options.templatesDir),
    views: () => [...sessions.values()].map(each => each.view),
    get selectedId() {
      return selectedId();
    },
    async create(templateId, folder) {
      await createFromTemplate({ templatesDir: options.templatesDir, templateId, folder });
      return open(folder);
    },
    open,
    select,
    async close(id) {
      const closing = session(id);
      sessions.delete(id);
      remember();
      await closing.close();
    },
    session,
    setKind(id, kind) {
      session(id).setKind(kind);
      kinds.set(id, kind);
    },
    applyFix: (id, fixId) => applyFix(session(id).folder, fixId, options),
    async restore() {
      const remembered = Names.safeParse(JSON.parse(registry.setting(OPEN_PROJECTS) ?? '[]'));
      // Only its user knows whether a folder that is gone comes back, so it is not forgotten here.
      const started = (remembered.data ?? []).map(start);
      changed();
      await Promise.all(started);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async dispose() {
      listeners.clear();
      await Promise.all([...sessions.values()].map(each => each.close()));
      sessions.clear();
    },
  };
}

/** How each project's handler runs: as a development build, unless its author chose the release. */
function openKinds(registry: Registry): {
  of(id: string): BuildKind;
  set(id: string, kind: BuildKind): void;
} {
  const releases = (): string[] => Names.catch([]).parse(JSON.parse(registry.setting(RELEASES) ?? '[]'));
  return {
    of: id => (releases().includes(id) ? 'release' : 'development'),
    set(id, kind) {
      const others = releases().filter(each => each !== id);
      registry.setSetting(RELEASES, JSON.stringify(kind === 'release' ? [...others, id] : others));
    },
  };
}
