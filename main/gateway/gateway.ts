import { randomBytes } from 'node:crypto';
import type { Posture, PreviewTheme } from '../../contract/index.ts';
import { ALLOW_ALL, type Capabilities, type HostContext } from '../capabilities/index.ts';
import { DebugFeed, DebugStreams } from '../hosting/index.ts';
import { liveSecretValues, type Registry } from '../registry/index.ts';
import type { Runner } from '../runner/index.ts';
import type { Traffic } from '../traffic/index.ts';
import type { GatewayContext } from './context.ts';
import { PageEvents } from './events.ts';
import { pageServerBase, UiServer } from './ext-ui.ts';
import { ExtensionHosts } from './extension-hosts.ts';
import { mainOrigins, siteOf } from './host-check.ts';
import { HostPage } from './host-page.ts';
import { IdempotentAnswers } from './idempotency.ts';
import { listenOnLoopback } from './listen.ts';
import { PageSockets } from './page-sockets.ts';
import { readPageState, type PageSettings } from './page-state.ts';
import { createHttpApp } from './server.ts';
import { PLATFORM_BUCKET, TokenBuckets, type BucketSize } from './token-bucket.ts';

export interface GatewayOptions {
  readonly registry: Registry;
  readonly runner: Runner;
  readonly capabilities: Capabilities;
  readonly traffic: Traffic;
  /** Folder of the built renderer, with `host/index.html` and `assets`. */
  readonly hostPageDir: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Time limit of a run in milliseconds; the platform's default is 30,000 (spec 6.1). */
  readonly timeoutMs?: number;
  /** Origins besides the gateway's own that may frame an extension, and the only ones that may frame the host page. */
  readonly frameAncestors?: readonly string[];
  /** What `http.fetch` may reach; every host when absent, as on the platform (spec 4.9). */
  readonly egress?: HostContext['egress'];
  /** Calls per tenant and extension; the platform's when absent. */
  readonly rateLimit?: BucketSize;
  /** Largest UI file in bytes; no limit when absent, as on the platform. */
  readonly maxUiFileBytes?: number;
  /** Where debug events go and are read from (spec 4.11); one of the gateway's own when absent. */
  readonly debug?: DebugFeed;
  /** Clock of the rate limit in milliseconds. */
  readonly now?: () => number;
}

/** The platform's HTTP side on loopback. */
export interface Gateway {
  /** `http://localhost:<port>` */
  readonly url: string;
  readonly port: number;
  /** What `x-api-key` must hold when it is sent; the same for one data folder. */
  readonly apiKey: string;
  /** Address of the host page that embeds an extension. */
  previewUrl(registryId: string): string;
  /**
   * Address of an extension's UI in the platform's content-hash form (spec ui-bridge 1.1), on `localhost` so that
   * programs without a name service for `*.localhost` reach it; there it is sandboxed.
   */
  uiUrl(install: { registryId: string; contentHash: string; tenantId: string }): string;
  /** Base of the addresses that a page server of that extension answers for; slashes at both ends. */
  pageServerBase(registryId: string): string;
  setTheme(theme: PreviewTheme): void;
  setPosture(posture: Posture): void;
  /** Notes where a frame went; an extension's page that is built anew begins at the same fragment. */
  frameMoved(address: string): void;
  /** Tells open host pages about a change of installs or of the session; a changed hash reloads the frame. */
  installsChanged(): void;
  /** Stops listening, ends every connection and aborts running calls. */
  close(): Promise<void>;
}

const API_KEY_SETTING = 'gateway.api-key';
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Opens the gateway on loopback. Throws `gateway.port-in-use` or `gateway.cannot-listen`. Its parts stay their
 * owner's: closing the gateway closes none of them.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { registry } = options;
  const settings: PageSettings = { theme: 'light', posture: 'faithful', fragments: new Map() };
  const own = { port: options.port };
  const ancestors = options.frameAncestors ?? [];
  const events = new PageEvents(() => readPageState(registry, settings, own.port));
  const context = contextOf(options, settings);
  const debugStreams = new DebugStreams(context.debug);
  const hosts = new ExtensionHosts(registry);
  const ui = new UiServer({
    tenantId: () => registry.tenant().tenantId,
    resolve: id => registry.resolve(id),
    frameAncestors: () => [...mainOrigins(own.port), ...ancestors],
    maxFileBytes: options.maxUiFileBytes,
  });
  const sockets = new PageSockets(ui, host => siteOf(host, own.port, label => hosts.registryIdOf(label)));
  const app = createHttpApp({
    context,
    registry,
    ui,
    page: new HostPage(options.hostPageDir),
    events,
    debugStreams,
    port: () => own.port,
    registryIdOf: label => hosts.registryIdOf(label),
    pageAncestors: ancestors,
  });
  await app.ready();
  const listening = await listenOnLoopback(
    options.port,
    (request, response) => app.routing(request, response),
    sockets,
  ).catch(async (error: unknown) => {
    events.close();
    debugStreams.close();
    await app.close();
    throw error;
  });
  const { port } = listening;
  own.port = port;
  const url = `http://localhost:${port}`;
  return {
    url,
    port,
    apiKey: context.apiKey,
    previewUrl: registryId => `${url}/msp/extensions/${registryId}`,
    pageServerBase,
    uiUrl: install => `${url}${contentHashPath(install)}`,
    setTheme(theme) {
      settings.theme = theme;
      events.changed();
    },
    setPosture(posture) {
      settings.posture = posture;
      events.changed();
    },
    frameMoved(address) {
      const { hostname, hash } = new URL(address);
      const registryId = hosts.registryIdOf(hostname.replace(/\.localhost$/, ''));
      if (registryId !== undefined) settings.fragments.set(registryId, hash.slice(1));
    },
    installsChanged: () => events.changed(),
    async close() {
      events.close();
      debugStreams.close();
      sockets.close();
      await listening.close();
      await Promise.allSettled(context.running);
      await app.close();
    },
  };
}

function contextOf(options: GatewayOptions, settings: PageSettings): GatewayContext {
  const { registry, runner, capabilities, traffic } = options;
  return {
    registry,
    runner,
    capabilities,
    traffic,
    egress: options.egress ?? ALLOW_ALL,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    apiKey: apiKeyOf(registry),
    buckets: new TokenBuckets(options.rateLimit ?? PLATFORM_BUCKET, options.now ?? (() => performance.now())),
    answers: new IdempotentAnswers(),
    running: new Set(),
    posture: () => settings.posture,
    secretValues: liveSecretValues(registry),
    debug: options.debug ?? new DebugFeed(),
  };
}

/** The key of this data folder, made at first use. */
function apiKeyOf(registry: Registry): string {
  const kept = registry.setting(API_KEY_SETTING);
  if (kept !== undefined) return kept;
  const made = randomBytes(32).toString('hex');
  registry.setSetting(API_KEY_SETTING, made);
  return made;
}

/** Path and query of spec ui-bridge 1.1. */
function contentHashPath(install: { registryId: string; contentHash: string; tenantId: string }): string {
  const { registryId, contentHash, tenantId } = install;
  const query = new URLSearchParams({ path: '/', tenant: tenantId, extensionId: registryId });
  return `/ext-ui/${encodeURIComponent(registryId)}/${encodeURIComponent(contentHash)}/index.html?${query.toString()}`;
}
