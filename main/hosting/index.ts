export { DebugFeed, type FeedEntry, type FeedScope } from './debug-feed.ts';
export {
  DEBUG_MESSAGE_BYTES,
  DebugLog,
  type DebugEvent,
  type DebugLogOptions,
  type DebugScope,
} from './debug-log.ts';
export { DebugStreams, readDebugQuery, type DebugQuery } from './debug-stream.ts';
export { executionDiagnostics, HostNotes, type Diagnostic } from './diagnostics.ts';
export { extensionHostLabel } from './host-label.ts';
export { initialMemoryMib } from './memory-need.ts';
export { hasControl, percentDecode, splitTarget } from './raw-text.ts';
export { unusable } from './response-check.ts';
export { IMMUTABLE, UiFiles, uiText, type UiAnswer } from './ui-files.ts';
export { OPAQUE_SANDBOX, policyText, uiContentPolicy, type UiPolicyOptions } from './ui-policy.ts';
