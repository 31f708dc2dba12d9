import type { Capability, Endpoint, InstallView, Manifest, Tenant, User } from '../../contract/index.ts';

/** Seals text so that the database never holds a secret in the clear; `open` throws a coded error when it cannot. */
export interface SecretBox {
  seal(text: string): string;
  open(sealed: string): string;
}

/** An install with everything a call needs. Paths are absolute. */
export interface ResolvedInstall {
  readonly installId: string;
  readonly registryId: string;
  readonly versionId: string;
  /** Of the bundle the install is pinned to: `sha256:` and 64 hex digits. */
  readonly contentHash: string;
  /** Of the build that answers: the {@link LiveBuild}'s while there is one, else the content hash. */
  readonly buildHash: string;
  readonly tenantId: string;
  readonly name: string;
  /** Empty when the manifest names none. */
  readonly publisher: string;
  readonly version: string;
  readonly enabled: boolean;
  readonly manifest: Manifest;
  readonly endpoints: Endpoint[];
  /** Defaults and the known ones of the manifest (spec 2.5). */
  readonly capabilities: Capability[];
  /** The bundle's component; absent when it has none, and while a live build answers. */
  readonly componentPath?: string;
  /** The live build's loaded source, in place of a component. */
  readonly sourceId?: string;
  readonly uiDir?: string;
  /** The live build's, in place of a folder. */
  readonly pageServer?: PageServerAddress;
  readonly config: Record<string, string>;
  /** Labels of the two menu hooks (spec 2.2). */
  readonly clientPortalMenu?: string;
  readonly appMenu?: string;
}

/**
 * A build that answers in place of the installed bundle while its project is open; it is not kept over a restart.
 */
export interface LiveBuild {
  /** `sha256:` and 64 hex digits; of the bundle when that holds just what answers. */
  readonly hash: string;
  readonly manifest: Manifest;
  /** The loaded source that the runner has adopted; absent when the extension has no handler. */
  readonly sourceId?: string;
  readonly uiDir?: string;
  readonly pageServer?: PageServerAddress;
}

/** A server on loopback that answers for an extension's pages. */
export interface PageServerAddress {
  readonly port: number;
  /** Path below which it serves everything; slashes at both ends. */
  readonly base: string;
}

/** Where the parts of an unpacked bundle are; absent is what it does not have. */
export interface BundleFiles {
  readonly componentPath?: string;
  readonly uiDir?: string;
}

/** What the window lists of an install, but for the addresses, which the gateway knows. */
export type InstallRecord = Omit<InstallView, 'previewUrl' | 'uiUrl'>;

/** Extensions of the local tenant: versions, bundles, installs, config, secrets; its users; and settings. */
export interface Registry {
  /**
   * Takes in a bundle and installs it for the local tenant (spec 1.5, 7.5, 8): registry entry, version, bundle, endpoints
   * and the install, which is pinned to the bundle's content hash. Installs run one after the other.
   *
   * Where this differs from the platform, because an author installs at every save: a version may get further bundles,
   * the newest wins, and installing the same bundle again makes it the newest; config, secrets and the enabled state
   * survive; a wildcard version stays one version of that name; a missing publisher is kept empty. Of an extension's
   * bundles the newest 20 are kept with their files, and the installed one always.
   *
   * Throws the errors of `extractBundle`, `registry.no-manifest`, `manifest.invalid`.
   */
  installBundle(bundleFile: string): Promise<ResolvedInstall>;
  /** By install id, registry id or lower-case `publisher.name` (spec 6.1); disabled installs, too. */
  resolve(idOrSlug: string): ResolvedInstall | undefined;
  /** Every install, by name. */
  installs(): InstallRecord[];
  /** A bundle of an installed extension, earlier ones included; undefined when it is not kept, or nothing is installed. */
  bundle(registryId: string, contentHash: string): BundleFiles | undefined;
  /**
   * Removes the install with config and secrets; versions and bundles stay. Its storage records go, too: the platform
   * leaves them behind, but out of reach, since a later install gets another id. Throws `registry.not-installed`.
   */
  uninstall(registryId: string): void;
  /** Lets a build answer in place of the installed bundle, or with undefined the bundle again. Throws `registry.not-installed`. */
  setLive(registryId: string, build: LiveBuild | undefined): void;
  /** Says that a live build is on its way; the returned function that it has come, or will not. */
  expectLive(registryId: string): () => void;
  /** While a live build of that install is on its way, what resolves when none is any more. */
  whenLive(idOrSlug: string): Promise<void> | undefined;
  /** Throws `registry.not-installed`. */
  setEnabled(registryId: string, enabled: boolean): void;
  /** Replaces the config. Values that are not text become their JSON text, null becomes empty (spec 8). Throws `registry.not-installed`. */
  setConfig(registryId: string, config: Readonly<Record<string, unknown>>): void;
  /** Merges into the secrets; empty values are ignored, so one secret cannot be removed (spec 8). Throws `registry.not-installed` and the box's errors. */
  mergeSecrets(registryId: string, secrets: Readonly<Record<string, string>>): void;
  /** Removes every secret. Throws `registry.not-installed`. */
  clearSecrets(registryId: string): void;
  /** The secrets of an install in the clear, for the secrets capability only; empty when there are none. Throws the box's errors. */
  secrets(installId: string): Record<string, string>;
  tenant(): Tenant;
  users(): User[];
  /** Undefined when signed out. */
  currentUser(): User | undefined;
  /** Signs a user in, or out with undefined. Throws `registry.unknown-user`. */
  setCurrentUser(userId: string | undefined): void;
  setting(key: string): string | undefined;
  /** Saves a setting; undefined removes it. Settings are their owners' business: nobody is told. */
  setSetting(key: string, value: string | undefined): void;
  /** Hears every change of installs and session after it is saved; returns the way to stop. Listeners must not throw. */
  onChange(listener: () => void): () => void;
}
