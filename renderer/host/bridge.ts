import type { BridgeEvent, Posture, PreviewTheme, RecordedBody } from '../../contract/index.ts';
import { toBase64 } from './base64.ts';
import { envelope, readMessage, type ReadMessage } from './envelope.ts';
import { callGateway, type ProxyReply } from './proxy-reply.ts';
import { prepareCall, type ProxyRequest } from './proxy-request.ts';
import { resizeHeight } from './resize.ts';
import { THEME_TOKENS } from './themes.ts';
import { judge, type Sender } from './verdict.ts';
import { warning, type Warning } from './warnings.ts';

/** What the bridge needs of the page around it. */
export interface BridgePage {
  /** Posts to the extension's window. */
  post(message: unknown, targetOrigin: string): void;
  setHeight(pixels: number): void;
  /** The extension said `ready`. */
  ready(): void;
  fetch: typeof fetch;
  report(event: BridgeEvent): void;
  theme(): PreviewTheme;
  posture(): Posture;
  /** Epoch milliseconds with a fraction. */
  now(): number;
  newId(): string;
}

export interface BridgeOptions {
  readonly registryId: string;
  /** Origin of the extension's own UI. */
  readonly frameOrigin: string;
  /** Origin of the host page. */
  readonly pageOrigin: string;
}

/** Bodies beyond this are cut in reports, in bytes. */
const MAX_RECORDED = 1024 * 1024;
const SDK_PATIENCE_MS = 15_000;

/** The postMessage proxy of the live domain host (spec ui-bridge 2 and 3), one for each frame. */
export class Bridge {
  readonly #page: BridgePage;
  readonly #options: BridgeOptions;
  readonly #pending = new Map<string, BridgeEvent>();

  constructor(page: BridgePage, options: BridgeOptions) {
    this.#page = page;
    this.#options = options;
  }

  /** Takes any message that the window received. Those of other pages that are not meant for us are not reported. */
  receive(data: unknown, sender: Sender): void {
    const message = readMessage(data);
    const verdict = judge(message, sender, this.#options.frameOrigin);
    const ours = sender.isFrame === true || sender.origin === this.#options.frameOrigin;
    if (!ours && message.envelope !== 'valid') return;
    const seen = this.#seen(message, sender, verdict.warning);
    switch (verdict.act) {
      case 'ready':
        this.#ready(seen);
        break;
      case 'resize':
        this.#resize(seen, message);
        break;
      case 'apiproxy':
        this.#proxy(seen, message);
        break;
      case 'ignore':
        this.#failed(seen, 'ignored');
    }
  }

  /** Sends the theme's tokens: after each `ready`, and when the page's own theme changes (spec ui-bridge 5.2). */
  sendTheme(traceId = this.#page.newId()): void {
    const theme = this.#page.theme();
    const tokens = THEME_TOKENS[theme];
    const { frameOrigin } = this.#options;
    const event = this.#event('to-extension', 'theme', traceId);
    this.#page.post(envelope('theme', tokens), frameOrigin);
    this.#page.report({
      ...event,
      detail: `${Object.keys(tokens).length} tokens, ${theme}`,
      origin: frameOrigin,
      request: recorded(new TextEncoder().encode(JSON.stringify(tokens)), 'application/json'),
    });
  }

  /** Reports calls that nobody will see the answer of. */
  leave(): void {
    for (const event of this.#pending.values())
      this.#page.report({
        ...event,
        durationMs: this.#since(event),
        status: 'unanswered',
        outcome: 'error',
        warning: warning('bridge.no-answer'),
      });
    this.#pending.clear();
  }

  #ready(seen: BridgeEvent): void {
    this.#page.report(seen);
    this.#page.ready();
    this.sendTheme(seen.traceId);
  }

  #resize(seen: BridgeEvent, message: ReadMessage): void {
    const height = resizeHeight(message.payload);
    if (height === undefined) {
      this.#failed({ ...seen, warning: warning('bridge.bad-height') }, 'ignored');
    } else {
      this.#page.setHeight(height);
      this.#page.report({ ...seen, detail: `${height} px` });
    }
  }

  #proxy(seen: BridgeEvent, message: ReadMessage): void {
    const { registryId, pageOrigin } = this.#options;
    const prepared = prepareCall(message, registryId, pageOrigin);
    const event = withWarning({ ...seen, detail: cut(prepared.detail, 4096) }, prepared.warning);
    switch (prepared.kind) {
      case 'drop':
        this.#failed(event, 'dropped');
        break;
      case 'refuse':
        this.#answer(message.requestId, { error: prepared.error });
        this.#failed(event, 'refused');
        break;
      case 'fetch':
        void this.#forward(event, message.requestId, prepared.request);
    }
  }

  async #forward(event: BridgeEvent, requestId: unknown, request: ProxyRequest): Promise<void> {
    const sent = request.body ? { ...event, request: recorded(request.body) } : event;
    this.#pending.set(event.traceId, sent);
    const reply = await callGateway(request, event.traceId, this.#page.fetch);
    // The page may have been left meanwhile; then the call is reported already.
    if (!this.#pending.delete(event.traceId)) return;
    this.#answer(requestId, reply.payload);
    const durationMs = this.#since(event);
    const late = durationMs > SDK_PATIENCE_MS ? warning('bridge.sdk-gave-up') : undefined;
    this.#page.report(withWarning({ ...sent, ...outcomeOf(reply), durationMs }, late ?? reply.warning));
  }

  /** The live bridge answers to any origin; the strict posture only to the extension's own (§10 item 2). */
  #answer(requestId: unknown, payload: ProxyReply['payload']): void {
    const target = this.#page.posture() === 'strict' ? this.#options.frameOrigin : '*';
    this.#page.post(envelope('apiproxy_response', payload, requestId), target);
  }

  #failed(event: BridgeEvent, status: string): void {
    this.#page.report({ ...event, status, outcome: 'error' });
  }

  #seen(message: ReadMessage, sender: Sender, found: Warning | undefined): BridgeEvent {
    const event = this.#event('to-host', message.type === '' ? 'message' : message.type, this.#page.newId());
    const { requestId } = message;
    const named = typeof requestId === 'string' || typeof requestId === 'number';
    return withWarning(
      {
        ...event,
        origin: cut(sender.origin, 512),
        envelope: message.envelope,
        ...(named && { requestId: cut(String(requestId), 512) }),
      },
      found,
    );
  }

  #event(direction: BridgeEvent['direction'], type: string, traceId: string): BridgeEvent {
    return {
      traceId,
      direction,
      type: cut(type, 100),
      detail: '',
      startedAt: this.#page.now(),
      durationMs: 0,
      status: 'ok',
      outcome: 'ok',
      origin: '',
      envelope: 'valid',
    };
  }

  #since(event: BridgeEvent): number {
    return Math.max(0, this.#page.now() - event.startedAt);
  }
}

function outcomeOf(reply: ProxyReply): Pick<BridgeEvent, 'status' | 'outcome' | 'response'> {
  const failed = 'error' in reply.payload;
  const shown =
    failed && reply.bytes.length === 0 ? new TextEncoder().encode(reply.payload.error) : reply.bytes;
  return {
    status: reply.status,
    outcome: failed ? 'error' : 'ok',
    response: recorded(shown, failed && reply.bytes.length === 0 ? 'text/plain' : reply.contentType),
  };
}

function withWarning(event: BridgeEvent, found: Warning | undefined): BridgeEvent {
  return found === undefined ? event : { ...event, warning: found };
}

function recorded(bytes: Uint8Array, contentType?: string): RecordedBody {
  return {
    base64: toBase64(bytes.subarray(0, MAX_RECORDED)),
    bytes: bytes.length,
    truncated: bytes.length > MAX_RECORDED,
    ...(contentType !== undefined && { contentType }),
  };
}

function cut(text: string, length: number): string {
  return text.length > length ? text.slice(0, length) : text;
}
