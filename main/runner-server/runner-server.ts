import type { AddressInfo } from 'node:net';
import { WorkbenchError } from '../../contract/index.ts';
import type { Capabilities, EgressPolicy } from '../capabilities/index.ts';
import type { Runner } from '../runner/index.ts';
import type { BundleCache } from './bundle-cache.ts';
import type { DebugEvent } from './debug-events.ts';
import { createHttpApp } from './http-app.ts';
import { KeptAnswers } from './kept-answers.ts';

const LOOPBACK = '127.0.0.1';
const DEFAULT_DEBUG_BYTES = 8192;

export interface RunnerServerOptions {
  readonly runner: Runner;
  readonly capabilities: Capabilities;
  /** Without a store every execution answers `engine_init_failed`, as on the platform without `BUNDLE_STORE_BASE`. */
  readonly bundles: BundleCache;
  /** 0 takes a free one. */
  readonly port: number;
  readonly egress: EgressPolicy;
  /** Registry of `GET /`; without it the root answers 503. */
  readonly registryBase?: string;
  readonly registryKey?: string;
  /** Told by `/healthz`, without effect (spec 4.8). */
  readonly cacheMaxBytes?: string;
  /** Longest message of a debug event in bytes; 8192 when absent. */
  readonly debugMessageBytes?: number;
  /** Hears the debug events of every call (spec 4.11). Must not throw. */
  readonly onDebug?: (event: DebugEvent) => void;
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
 * Opens the platform's runner protocol on loopback (spec 4.1 to 4.6): `POST /v1/execute`, `/healthz`, `/warmup` and
 * `GET /`. There is no authentication, as on the platform; a foreign Host header is refused.
 *
 * @throws `gateway.port-in-use`, `gateway.cannot-listen`
 */
export async function createRunnerServer(options: RunnerServerOptions): Promise<RunnerServer> {
  const running = new Set<Promise<unknown>>();
  const closing = new AbortController();
  const app = createHttpApp({
    runner: options.runner,
    capabilities: options.capabilities,
    bundles: options.bundles,
    egress: options.egress,
    answers: new KeptAnswers(),
    hosts: { base: options.registryBase, apiKey: options.registryKey },
    cacheMaxBytes: options.cacheMaxBytes,
    debugMessageBytes: options.debugMessageBytes ?? DEFAULT_DEBUG_BYTES,
    onDebug: options.onDebug ?? ignore,
    running,
    closing: closing.signal,
  });
  try {
    await app.listen({ host: LOOPBACK, port: options.port });
  } catch (cause) {
    await app.close();
    throw cannotListen(options.port, cause);
  }
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    async close() {
      closing.abort();
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

function ignore(): void {
  // Nobody listens.
}
