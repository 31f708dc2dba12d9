import type { ReadMessage } from './envelope.ts';
import { warning, type Warning } from './warnings.ts';

/** Where a message came from. */
export interface Sender {
  readonly origin: string;
  /** Whether the sender is the extension's frame; undefined while the frame has no window. */
  readonly isFrame: boolean | undefined;
}

export type Verdict =
  | { readonly act: 'ready' | 'resize' | 'apiproxy'; readonly warning?: Warning }
  | { readonly act: 'ignore'; readonly warning: Warning };

/**
 * Decides what the live host does with a message (spec ui-bridge 2.2). Its bridge wants the frame as the source
 * and the right origin, but no envelope, and acts on `resize` and `apiproxy`; its listener for `ready` wants the
 * origin and the envelope, but not the source.
 */
export function judge(message: ReadMessage, sender: Sender, frameOrigin: string): Verdict {
  if (sender.origin !== frameOrigin) return ignore('bridge.origin-mismatch');
  if (message.type === 'ready') {
    if (message.envelope !== 'valid') return ignore('bridge.no-envelope');
    return { act: 'ready', ...(sender.isFrame === false && { warning: warning('bridge.other-window') }) };
  }
  if (sender.isFrame === false) return ignore('bridge.other-window');
  if (message.type === 'resize' || message.type === 'apiproxy')
    return {
      act: message.type,
      ...(message.envelope !== 'valid' && { warning: warning('bridge.no-envelope') }),
    };
  return ignore(message.type === 'navigate' ? 'bridge.navigate-ignored' : 'bridge.unknown-type');
}

function ignore(code: Warning['code']): Verdict {
  return { act: 'ignore', warning: warning(code) };
}
