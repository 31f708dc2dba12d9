export { createCapabilities, type Capabilities } from './capabilities.ts';
export { ALLOW_ALL, parseEgressAllowlist, type EgressPolicy } from './egress.ts';
export type { CapabilityLog, HostContext } from './host-context.ts';
export type { UiProxyOptions } from './ui-proxy.ts';
