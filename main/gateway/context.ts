import type { Posture } from '../../contract/index.ts';
import type { Capabilities, HostContext } from '../capabilities/index.ts';
import type { DebugFeed } from '../hosting/index.ts';
import type { Registry } from '../registry/index.ts';
import type { Runner } from '../runner/index.ts';
import type { Traffic } from '../traffic/index.ts';
import type { IdempotentAnswers } from './idempotency.ts';
import type { TokenBuckets } from './token-bucket.ts';

/** What the API routes work with. */
export interface GatewayContext {
  readonly registry: Registry;
  readonly runner: Runner;
  readonly capabilities: Capabilities;
  readonly traffic: Traffic;
  readonly egress: HostContext['egress'];
  /** Time limit of a run and of the gateway's patience, in milliseconds. */
  readonly timeoutMs: number;
  readonly apiKey: string;
  readonly buckets: TokenBuckets;
  readonly answers: IdempotentAnswers;
  /** Calls under way; closing the gateway waits for them. */
  readonly running: Set<Promise<unknown>>;
  readonly posture: () => Posture;
  /** Values that no debug event may show. */
  readonly secretValues: () => readonly string[];
  /** Where the debug events of runs go. */
  readonly debug: DebugFeed;
}
