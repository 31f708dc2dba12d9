import { readFileSync } from 'node:fs';
import { WorkbenchError } from '../../contract/index.ts';
import { parseEgressAllowlist, type EgressPolicy } from '../capabilities/index.ts';
import type { UiPolicyOptions } from '../hosting/index.ts';
import type { StoreCredentials } from './presign.ts';
import type { VaultOptions } from './vault.ts';

/** What the platform's variables say to this runner (spec 4.10). */
export interface RunnerEnvironment {
  /** `PORT`; 8080 when absent, as on the platform. */
  readonly port: number;
  /** `BUNDLE_STORE_BASE`. */
  readonly bundleStoreBase?: string;
  /** Of the object store; absent unless both keys are set. */
  readonly storeCredentials?: StoreCredentials;
  /** `EXT_CACHE_ROOT`. */
  readonly cacheRoot?: string;
  /** `EXT_CACHE_MAX_BYTES`: without effect, told by `/healthz`. */
  readonly cacheMaxBytes?: string;
  /** `EXT_EGRESS_ALLOWLIST`; every host when absent. */
  readonly egress: EgressPolicy;
  /** `REGISTRY_BASE_URL`: what a host stands for, and which bundles may show their UI. */
  readonly registryBase?: string;
  /** `ALGA_AUTH_KEY`, or the content of `ALGA_AUTH_KEY_FILE`; not mandatory here. */
  readonly registryKey?: string;
  /** `RUNNER_DEBUG_MAX_EVENT_BYTES`; 8192 when absent. */
  readonly debugMessageBytes: number;
  /** Files of `/ext-ui/` (spec 5.2 to 5.5). */
  readonly ui: {
    /** `EXT_STATIC_STRICT_VALIDATION`; on when absent, as far as there is a registry to ask. */
    readonly strict: boolean;
    /** `EXT_STATIC_MAX_FILE_BYTES`. */
    readonly maxFileBytes?: number;
    /** `EXT_UI_FRAME_ANCESTORS` and `EXT_UI_CONTENT_SECURITY_POLICY`. */
    readonly policy: UiPolicyOptions;
  };
  /** `VAULT_ADDR` and what belongs to it; absent when no Vault is set. */
  readonly vault?: VaultOptions;
  /** Variables that are set and would change what the platform's runner does, but not what this one does. */
  readonly withoutEffect: readonly string[];
}

const DEFAULT_PORT = 8080;
const DEFAULT_DEBUG_BYTES = 8192;

const TOKEN_FILE = '/run/secrets/alga_vault_token';
const TRANSIT_MOUNT = 'transit';
const DEFAULT_REGION = 'us-east-1';

/** Variables of spec 4.10 for parts that this runner does not have: the platform's own APIs, Redis. */
const WITHOUT_EFFECT = [
  'STORAGE_API_BASE_URL',
  'RUNNER_STORAGE_API_TOKEN',
  'RUNNER_SERVICE_TOKEN',
  'RUNNER_DEBUG_REDIS_URL',
  'RUNNER_DEBUG_REDIS_PASSWORD',
  'RUNNER_DEBUG_REDIS_STREAM_PREFIX',
  'RUNNER_DEBUG_REDIS_MAXLEN',
] as const;

/**
 * Reads the platform's variables (spec 4.10). Blank ones count as absent.
 *
 * @throws `cli.usage` for a port or a size that is none, and for a key file that cannot be read
 */
export function readEnvironment(env: NodeJS.ProcessEnv): RunnerEnvironment {
  const bundleStoreBase = valueOf(env, 'BUNDLE_STORE_BASE');
  const cacheRoot = valueOf(env, 'EXT_CACHE_ROOT');
  const cacheMaxBytes = valueOf(env, 'EXT_CACHE_MAX_BYTES');
  const registryBase = valueOf(env, 'REGISTRY_BASE_URL');
  const vault = vaultOf(env);
  const storeCredentials = credentialsOf(env);
  const registryKey = valueOf(env, 'ALGA_AUTH_KEY') ?? keyOfFile(valueOf(env, 'ALGA_AUTH_KEY_FILE'));
  return {
    port: wholeNumber(env, 'PORT', 65_535) ?? DEFAULT_PORT,
    ...(bundleStoreBase !== undefined && { bundleStoreBase }),
    ...(cacheRoot !== undefined && { cacheRoot }),
    ...(cacheMaxBytes !== undefined && { cacheMaxBytes }),
    egress: parseEgressAllowlist(env['EXT_EGRESS_ALLOWLIST']),
    ...(registryBase !== undefined && { registryBase }),
    ...(registryKey !== undefined && { registryKey }),
    debugMessageBytes:
      wholeNumber(env, 'RUNNER_DEBUG_MAX_EVENT_BYTES', Number.MAX_SAFE_INTEGER) ?? DEFAULT_DEBUG_BYTES,
    ui: uiOf(env, registryBase !== undefined),
    ...(vault && { vault }),
    ...(storeCredentials && { storeCredentials }),
    withoutEffect: WITHOUT_EFFECT.filter(name => valueOf(env, name) !== undefined),
  };
}

/** The platform cannot start without a registry; where there is none, only an explicit wish makes it strict. */
function uiOf(env: NodeJS.ProcessEnv, hasRegistry: boolean): RunnerEnvironment['ui'] {
  const strict = valueOf(env, 'EXT_STATIC_STRICT_VALIDATION');
  const maxFileBytes = wholeNumber(env, 'EXT_STATIC_MAX_FILE_BYTES', Number.MAX_SAFE_INTEGER);
  const ancestors = valueOf(env, 'EXT_UI_FRAME_ANCESTORS');
  const replacement = valueOf(env, 'EXT_UI_CONTENT_SECURITY_POLICY');
  return {
    strict: strict === undefined ? hasRegistry : ['1', 'true', 'yes'].includes(strict),
    ...(maxFileBytes !== undefined && { maxFileBytes }),
    policy: {
      ...(ancestors !== undefined && { frameAncestors: ancestors.split(/[\s,]+/) }),
      ...(replacement !== undefined && { replacement }),
    },
  };
}

function credentialsOf(env: NodeJS.ProcessEnv): StoreCredentials | undefined {
  const accessKey = valueOf(env, 'S3_ACCESS_KEY') ?? valueOf(env, 'MINIO_ACCESS_KEY');
  const secretKey = valueOf(env, 'S3_SECRET_KEY') ?? valueOf(env, 'MINIO_SECRET_KEY');
  if (accessKey === undefined || secretKey === undefined) return undefined;
  return { accessKey, secretKey, region: valueOf(env, 'S3_REGION') ?? DEFAULT_REGION };
}

function vaultOf(env: NodeJS.ProcessEnv): VaultOptions | undefined {
  const address = valueOf(env, 'VAULT_ADDR') ?? valueOf(env, 'ALGA_VAULT_ADDR');
  if (address === undefined) return undefined;
  const namespace = valueOf(env, 'VAULT_NAMESPACE');
  return {
    address,
    tokenFile: valueOf(env, 'ALGA_VAULT_TOKEN_FILE') ?? TOKEN_FILE,
    mount: valueOf(env, 'ALGA_VAULT_TRANSIT_MOUNT') ?? TRANSIT_MOUNT,
    ...(namespace !== undefined && { namespace }),
  };
}

function valueOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, most: number): number | undefined {
  const text = valueOf(env, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new WorkbenchError('cli.usage', {
    message: `${name} must be a whole number from 0 to ${most}.`,
    details: { name, value: text },
  });
}

function keyOfFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new WorkbenchError('cli.usage', {
      message: 'The file that ALGA_AUTH_KEY_FILE names cannot be read.',
      details: { file, reason: String(cause) },
      cause,
    });
  }
}
