import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import {
  CAPABILITIES,
  DEFAULT_CAPABILITIES,
  WorkbenchError,
  type BuildKind,
  type Capability,
  type Execution,
  type ExecutionLimits,
  type Header,
} from '../../contract/index.ts';
import { loadProject, type BuildOptions } from '../build/index.ts';
import { HostNotes, initialMemoryMib, executionDiagnostics, type Diagnostic } from '../hosting/index.ts';
import { effectiveCapabilities, matchEndpoint, nearestCapability } from '../manifest/index.ts';
import type { ResolvedInstall } from '../registry/index.ts';
import type { Runnable } from '../runner/index.ts';
import { buildAndInstall } from '../workspace/index.ts';
import { createMasker } from '../traffic/index.ts';
import type { Core } from './core.ts';

/** One call of a handler from the command line. */
export interface RunOptions {
  /** A project folder, a bundle (`.tar.zst`) or a bare component (`.wasm`). */
  readonly target: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly Header[];
  readonly headers: readonly Header[];
  readonly body?: Uint8Array;
  readonly secrets: Readonly<Record<string, string>>;
  /** Granted besides the defaults and what the manifest declares. */
  readonly capabilities: readonly string[];
  readonly limits: ExecutionLimits;
  readonly signal?: AbortSignal;
  /**
   * How the handler of a project runs; a development build differs from the release in one thing: its console and its
   * uncaught exceptions come through.
   */
  readonly kind: BuildKind;
  readonly onStage?: BuildOptions['onStage'];
}

/** The answer in the platform's shape (spec/alga-platform.md 4.5) with what happened on the way. */
export interface RunResult {
  /** Of this call: every line of `logs` is its own. The guest and whoever it calls see the same one. */
  readonly requestId: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body_b64: string | null;
  readonly error: string | null;
  readonly durationMs: number;
  readonly logs: readonly { level: string; message: string }[];
  readonly hostCalls: readonly { interface: string; function: string; durationMs: number; outcome: string }[];
  /** What the author should know beside the answer, for example why a host call was denied. */
  readonly diagnostics: readonly Diagnostic[];
}

interface Target {
  readonly runnable: Runnable;
  /** The component that is published, also where its source runs. */
  readonly componentPath: string;
  readonly capabilities: readonly Capability[];
  /** A bare component has ids of its own that nobody else knows: it may keep records for the time of the call. */
  readonly ids: Pick<ResolvedInstall, 'installId' | 'registryId' | 'versionId'>;
  readonly install?: ResolvedInstall;
}

/**
 * Calls the handler of a project, a bundle or a component the way the runner does (spec 4.4): every header given
 * reaches the guest. The declared endpoint table is honoured when a manifest is at hand (spec 2.6).
 */
export async function runOnce(core: Core, options: RunOptions): Promise<RunResult> {
  const target = await resolveTarget(core, options);
  const { install } = target;
  const requestId = requestIdOf(options.headers);
  if (install && !matchEndpoint(install.endpoints, options.method, pathOnly(options.path)))
    return { requestId, ...notDeclared() };
  const secrets = (): Record<string, string> => ({
    ...(install && core.registry.secrets(install.installId)),
    ...options.secrets,
  });
  const notes = new HostNotes();
  const execution = await execute(core, options, target, { requestId, secrets, notes });
  return {
    requestId,
    ...resultOf(execution, secrets()),
    error: await errorOf(execution, target.componentPath),
    diagnostics: [...executionDiagnostics(execution), ...notes.diagnostics()],
  };
}

async function execute(
  core: Core,
  options: RunOptions,
  target: Target,
  facts: { requestId: string; secrets: () => Readonly<Record<string, string>>; notes: HostNotes },
): Promise<Execution> {
  const tenant = core.registry.tenant();
  const { installId, registryId, versionId } = target.ids;
  const { requestId } = facts;
  const ids = { requestId, tenantId: tenant.tenantId, extensionId: registryId, installId, versionId };
  const user = core.registry.currentUser();
  return core.runner.execute({
    ...target.runnable,
    request: {
      context: ids,
      http: {
        method: options.method,
        url: withQuery(options.path, options.query),
        headers: options.headers,
        ...(options.body && { body: options.body }),
      },
    },
    limits: options.limits,
    allowWasiHttp: true,
    host: facts.notes.listening(
      core.capabilities.hostFunctions({
        ...ids,
        ...(options.signal && { signal: options.signal }),
        capabilities: target.capabilities,
        secrets: facts.secrets,
        tenant,
        ...(user && { user }),
        egress: { allow: [] },
      }),
    ),
    ...(options.signal && { signal: options.signal }),
  });
}

/** The id that the caller gave, or a new one, as the gateway takes it (spec 6.1). */
function requestIdOf(headers: readonly Header[]): string {
  const given = headers.find(({ name }) => name.toLowerCase() === 'x-request-id')?.value;
  return given === undefined || given === '' ? randomUUID() : given;
}

async function resolveTarget(core: Core, options: RunOptions): Promise<Target> {
  const extra = options.capabilities.map(knownCapability);
  const found = await stat(options.target).catch((cause: unknown) => {
    throw new WorkbenchError('run.no-target', { details: { target: options.target }, cause });
  });
  if (found.isFile() && options.target.endsWith('.wasm')) {
    const ids = { installId: randomUUID(), registryId: randomUUID(), versionId: randomUUID() };
    const componentPath = options.target;
    const capabilities = unique([...DEFAULT_CAPABILITIES, ...extra]);
    return { runnable: { componentPath }, componentPath, capabilities, ids };
  }
  const install = found.isDirectory()
    ? await built(core, options)
    : await core.registry.installBundle(options.target);
  const { componentPath } = install;
  if (componentPath === undefined) throw new WorkbenchError('run.no-handler');
  const capabilities = unique([...effectiveCapabilities(install.capabilities), ...extra]);
  const development = found.isDirectory() && options.kind === 'development';
  const source = development ? await loaded(core, options) : undefined;
  const runnable = source ?? { componentPath };
  return { runnable, componentPath, capabilities, ids: install, install };
}

/** The project's handler as a development build; nothing where there can be none, as with a build script of its own. */
async function loaded(core: Core, { target, signal }: RunOptions): Promise<Runnable | undefined> {
  const { project } = await loadProject(target, {
    ...core.build,
    kind: 'development',
    ...(signal && { signal }),
  });
  if (!project?.handler) return undefined;
  await core.runner.adopt(project.handler);
  return { sourceId: project.handler.source.id };
}

async function built(core: Core, options: RunOptions): Promise<ResolvedInstall> {
  const { result, install } = await buildAndInstall(
    options.target,
    { registry: core.registry },
    {
      ...core.build,
      ...(options.signal && { signal: options.signal }),
      ...(options.onStage && { onStage: options.onStage }),
    },
  );
  if (!install) throw new WorkbenchError('build.failed', { details: { problems: result.problems } });
  return install;
}

function knownCapability(name: string): Capability {
  const known = CAPABILITIES.find(capability => capability === name.trim().toLowerCase());
  if (known) return known;
  const nearest = nearestCapability(name);
  throw new WorkbenchError('run.unknown-capability', {
    message: `The platform knows no capability named ${name}.${nearest ? ` Did you mean ${nearest}?` : ''}`,
    details: { name, known: CAPABILITIES },
  });
}

function unique(capabilities: readonly Capability[]): Capability[] {
  return [...new Set(capabilities)];
}

/** Endpoints are declared without a query (spec 2.6). */
function pathOnly(path: string): string {
  return path.split('?', 1)[0] ?? '';
}

function withQuery(path: string, query: readonly Header[]): string {
  if (query.length === 0) return path;
  const encoded = new URLSearchParams(query.map(({ name, value }) => [name, value])).toString();
  return `${path}${path.includes('?') ? '&' : '?'}${encoded}`;
}

/** What the gateway answers before any guest runs (spec 6.3). */
function notDeclared(): Omit<RunResult, 'requestId'> {
  const body = Buffer.from('{"error":"endpoint_not_found"}');
  return {
    status: 404,
    headers: { 'content-type': 'application/json' },
    body_b64: body.toString('base64'),
    error: 'endpoint_not_found',
    durationMs: 0,
    logs: [],
    hostCalls: [],
    diagnostics: [],
  };
}

/** The failure in the runner's words (spec 4.3 row 7); null when the handler answered. */
async function errorOf({ fault }: Execution, componentPath: string): Promise<string | null> {
  if (fault === undefined) return null;
  const need = fault.code === 'guest.memory' ? await initialMemoryMib(componentPath) : undefined;
  const advice =
    need === undefined ? '' : ` Its memory begins with ${need} MiB, the least limit it can run with.`;
  return `execute_failed: ${fault.code}: ${fault.message}${advice}`;
}

/** The document of a run; what the guest logged is masked, what it answered is not ours to change. */
function resultOf(
  execution: Execution,
  secrets: Readonly<Record<string, string>>,
): Omit<RunResult, 'requestId' | 'error' | 'diagnostics'> {
  const masker = createMasker(Object.values(secrets));
  const { response } = execution;
  return {
    status: response?.status ?? 500,
    headers: Object.fromEntries((response?.headers ?? []).map(({ name, value }) => [name, value])),
    body_b64: response?.body ? Buffer.from(response.body).toString('base64') : null,
    durationMs: execution.durationMs,
    logs: execution.logs.map(({ level, message }) => ({
      level,
      message: masker.text(message, message.length),
    })),
    hostCalls: execution.hostCalls.map(({ interface: name, function: member, durationMs, outcome }) => ({
      interface: name,
      function: member,
      durationMs,
      outcome,
    })),
  };
}
