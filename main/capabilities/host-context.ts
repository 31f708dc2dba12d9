import type { Capability, Posture, Tenant, User } from '../../contract/index.ts';
import type { EgressPolicy } from './egress.ts';

/** A line that a capability writes beside its answer. */
export interface CapabilityLog {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  /** `guest` for the logging interface, `host` for what the platform's runner writes about a refusal. */
  readonly source: 'guest' | 'host';
}

/** Everything one run's host calls are answered from. */
export interface HostContext {
  readonly requestId: string;
  readonly tenantId: string;
  /** The registry id. */
  readonly extensionId: string;
  /** Absent or empty where nothing is installed: the interfaces that need an install then refuse (spec 3.4). */
  readonly installId?: string;
  readonly versionId?: string;
  /** What this run may do; see `effectiveCapabilities` of `main/manifest`. */
  readonly capabilities: readonly Capability[];
  /** Read at each call, so that it costs nothing where the guest does not ask. */
  readonly secrets: () => Readonly<Record<string, string>>;
  /** Absent when nobody is signed in, and in scheduled runs (spec 9.8). */
  readonly user?: User;
  readonly tenant: Tenant;
  readonly egress: EgressPolicy;
  /**
   * `faithful` (the default) does what the platform does; `strict` mends what spec 13.1 names, and says so in the
   * answer's note.
   */
  readonly posture?: Posture;
  /** Ends what the run still waits for: a cancelled run stops its outgoing requests. */
  readonly signal?: AbortSignal;
  /** Hears log lines; the native runner keeps guests' own lines itself and sends none of them here. */
  readonly onLog?: (line: CapabilityLog) => void;
}
