import type { AddressInfo } from 'node:net';
import { WorkbenchError, type Posture } from '../../contract/index.ts';
import type { Capabilities, EgressPolicy } from '../capabilities/index.ts';
import { DEBUG_MESSAGE_BYTES, DebugFeed, DebugStreams } from '../hosting/index.ts';
import type { Runner } from '../runner/index.ts';
import type { Bundles } from './bundles.ts';
import { createHttpApp } from './http-app.ts';
import type { InstallRegistry } from './install-registry.ts';
import { KeptAnswers } from './kept-answers.ts';
import { RunnerUi, type RunnerUiOptions } from './runner-ui.ts';
import { SecretOpener } from './secret-envelope.ts';
import type { VaultOptions } from './vault.ts';

const LOOPBACK = '127.0.0.1';

export interface RunnerServerOptions {
  readonly runner: Runner;
  readonly capabilities: Capabilities;
  /** Without a store every execution answers `engine_init_failed`, as on the platform without `BUNDLE_STORE_BASE`. */
  readonly bundles: Bundles;
  /** 0 takes a free one. */
  readonly port: number;
  readonly egress: EgressPolicy;
  /** Asked for `GET /` and for what `/ext-ui/` may serve. */
  readonly registry: InstallRegistry;
  /** How `/ext-ui/` serves files. */
  readonly ui: Omit<RunnerUiOptions, 'bundles' | 'registry'>;
  /** Opens envelopes that Vault sealed; without it they are refused. */
  readonly vault?: VaultOptions;
  /** `faithful` when absent; asked for at each call (spec 13.1). */
  readonly posture?: () => Posture;
  /** Told by `/healthz`, without effect (spec 4.8). */
  readonly cacheMaxBytes?: string;
  /** Longest message of a debug event in bytes; 8192 when absent. */
  readonly debugMessageBytes?: number;
  /** Where the debug events of every call go (spec 4.11); one of the server's own when absent. */
  readonly debug?: DebugFeed;
}

/** The runner's HTTP side on loopback. */
export interface RunnerServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Stops listening, ends every connection and aborts running calls; its parts stay their owner's. */
  close(): Promise<void>;
}

/**
 * Opens the platform's runner protocol on loopback (spec 4.1 to 4.8): `POST /v1/execute`, `/ext-ui/`, `/healthz`,
 * `/warmup` and `GET /`. There is no authentication, as on the platform; a foreign Host header is refused.
 *
 * @throws `gateway.port-in-use`, `gateway.cannot-listen`
 */
export async function createRunnerServer(options: RunnerServerOptions): Promise<RunnerServer> {
  const running = new Set<Promise<unknown>>();
  const closing = new AbortController();
  const debug = options.debug ?? new DebugFeed();
  const debugStreams = new DebugStreams(debug);
  const app = createHttpApp({
    runner: options.runner,
    capabilities: options.capabilities,
    bundles: options.bundles,
    egress: options.egress,
    answers: new KeptAnswers(),
    secrets: new SecretOpener(options.vault),
    posture: options.posture ?? (() => 'faithful'),
    registry: options.registry,
    ui: new RunnerUi({ ...options.ui, bundles: options.bundles, registry: options.registry }),
    debugStreams,
    cacheMaxBytes: options.cacheMaxBytes,
    debugMessageBytes: options.debugMessageBytes ?? DEBUG_MESSAGE_BYTES,
    onDebug: event => debug.publish(event),
    running,
    closing: closing.signal,
  });
  try {
    await app.listen({ host: LOOPBACK, port: options.port });
  } catch (cause) {
    debugStreams.close();
    await app.close();
    throw cannotListen(options.port, cause);
  }
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    async close() {
      closing.abort();
      debugStreams.close();
      await app.close();
      await Promise.allSettled(running);
    },
  };
}

function cannotListen(port: number, cause: unknown): WorkbenchError {
  const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  return taken
    ? new WorkbenchError('gateway.port-in-use', {
        message: `Port ${port} of the runner is already in use.`,
        details: { port },
        cause,
      })
    : new WorkbenchError('gateway.cannot-listen', {
        message: 'The runner could not open its port on this machine.',
        details: { port, reason: String(cause) },
        cause,
      });
}
