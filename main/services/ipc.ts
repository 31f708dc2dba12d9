import { randomUUID } from 'node:crypto';
import type { WorkbenchState } from '../../contract/index.ts';
import type { IpcHandlers, Parts } from './services.ts';
import { POSTURE_SETTING, THEME_SETTING } from './settings.ts';

/** What each channel of the IPC table does, but for those that need the desktop shell. */
export function ipcHandlers(parts: Parts, state: () => WorkbenchState): IpcHandlers {
  const { core, traffic, gateway, workspace, changed } = parts;
  const { registry } = core;
  return {
    'state.get': () => Promise.resolve(state()),

    'project.create': async ({ templateId, folder }) => ({
      projectId: await workspace.create(templateId, folder),
    }),
    'project.open': async ({ folder }) => ({ projectId: await workspace.open(folder) }),
    'project.select': done(({ projectId }) => workspace.select(projectId)),
    'project.close': ({ projectId }) => workspace.close(projectId).then(nothing),
    // The outcome of a build is in the state, not in the answer: a build may outlive the window that asked.
    'project.build': done(({ projectId }) => void workspace.session(projectId).build().catch(nothing)),
    'project.set-kind': done(({ projectId, kind }) => workspace.setKind(projectId, kind)),
    'project.cancel-build': done(({ projectId }) => workspace.session(projectId).cancel()),
    'project.apply-fix': ({ projectId, fixId }) => workspace.applyFix(projectId, fixId).then(nothing),

    'install.set-enabled': done(({ registryId, enabled }) => registry.setEnabled(registryId, enabled)),
    'install.set-config': done(({ registryId, config }) => registry.setConfig(registryId, config)),
    'install.set-secret': done(({ registryId, name, value }) =>
      registry.mergeSecrets(registryId, { [name]: value }),
    ),
    'install.clear-secrets': done(({ registryId }) => registry.clearSecrets(registryId)),
    'install.send-request': async ({ registryId, method, path, body }) => {
      const traceId = randomUUID();
      const route = path.startsWith('/') ? path : `/${path}`;
      const response = await fetch(`${gateway.url}/api/ext-proxy/${registryId}${route}`, {
        method,
        headers: {
          'x-xwb-trace': traceId,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && method !== 'GET' && { body }),
      });
      await response.arrayBuffer();
      return { traceId, status: response.status };
    },

    'session.set-user': done(({ userId }) => registry.setCurrentUser(userId)),
    'preview.set-theme': done(({ theme }) => {
      registry.setSetting(THEME_SETTING, theme);
      gateway.setTheme(theme);
      changed();
    }),
    'workbench.set-posture': done(({ posture }) => {
      registry.setSetting(POSTURE_SETTING, posture);
      gateway.setPosture(posture);
      changed();
    }),

    'traffic.list': ({ filter }) => Promise.resolve(traffic.list(filter)),
    'traffic.get': ({ id }) => Promise.resolve(traffic.get(id)),
    'traffic.clear': done(() => traffic.clear()),
    'traffic.set-paused': done(({ paused }) => traffic.setPaused(paused)),
  };
}

/** A handler without an answer; what it throws becomes the rejection. */
function done<I>(act: (input: I) => void): (input: I) => Promise<undefined> {
  return input => Promise.resolve(input).then(act).then(nothing);
}

function nothing(): undefined {
  return undefined;
}
