import type { HostPageState } from '../../contract/index.ts';
import { Bridge } from './bridge.ts';
import type { PageView } from './page-view.ts';
import { Reporter, type ReportLine } from './reporter.ts';

type FrameView = Extract<PageView, { kind: 'frame' }>;

/** The live sandbox string (spec ui-bridge 2.1), character for character. */
export const SANDBOX = 'allow-scripts allow-forms allow-popups allow-same-origin';
/** The overlay goes at `ready` or after this, whichever is first (spec ui-bridge 2.1). */
const OVERLAY_MS = 1500;

/** An extension's frame with its bridge and its loading overlay; owns them until `dispose`. */
export class ExtensionFrame {
  readonly key: string;
  readonly #bridge: Bridge;
  readonly #reporter: Reporter;
  readonly #frame = document.createElement('iframe');
  readonly #overlay = document.createElement('div');
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #listen = (event: MessageEvent): void => this.#receive(event);
  readonly #leave = (): void => {
    this.#bridge.leave();
    this.#reporter.leave();
  };
  /** Ends the calls of a frame that is gone: the browser lets a new one's equal GET wait for them. */
  readonly #left = new AbortController();
  readonly #themeWatch = new MutationObserver(() => this.#bridge.sendTheme());

  /** @param state the newest state, asked for whenever it matters */
  constructor(view: FrameView, container: HTMLElement, state: () => HostPageState, line: ReportLine) {
    const { extension, frameOrigin } = view;
    this.key = view.key;
    this.#reporter = new Reporter(line, {
      registryId: extension.registryId,
      contentHash: extension.contentHash,
    });
    this.#bridge = new Bridge(
      {
        post: (message, target) => this.#frame.contentWindow?.postMessage(message, target),
        setHeight: pixels => {
          this.#frame.style.height = `${pixels}px`;
        },
        ready: () => this.#showFrame(),
        fetch: (input, init) => fetch(input, { ...init, signal: this.#left.signal }),
        report: event => this.#reporter.add(event),
        theme: () => state().theme,
        posture: () => state().posture,
        now: () => performance.timeOrigin + performance.now(),
        newId: () => crypto.randomUUID(),
      },
      { registryId: extension.registryId, frameOrigin, pageOrigin: location.origin },
    );
    // Listening comes first: a message posted before there is a listener is lost (spec ui-bridge 3.7).
    addEventListener('message', this.#listen);
    addEventListener('pagehide', this.#leave);
    this.#themeWatch.observe(document.documentElement, { attributeFilter: ['class', 'style'] });
    this.#timer = setTimeout(() => this.#showFrame(), OVERLAY_MS);
    this.#build(view, container);
  }

  dispose(): void {
    removeEventListener('message', this.#listen);
    removeEventListener('pagehide', this.#leave);
    this.#themeWatch.disconnect();
    clearTimeout(this.#timer);
    this.#leave();
    this.#left.abort();
    this.#frame.remove();
    this.#overlay.remove();
  }

  #build(view: FrameView, container: HTMLElement): void {
    this.#frame.className = 'extension-frame';
    this.#frame.title = 'Extension App';
    this.#frame.setAttribute('sandbox', SANDBOX);
    this.#frame.src = view.src;
    this.#overlay.className = 'overlay';
    this.#overlay.setAttribute('role', 'status');
    this.#overlay.append(spinner(), `Loading ${view.extension.name}`);
    container.replaceChildren(this.#frame, this.#overlay);
  }

  #receive(event: MessageEvent): void {
    const window = this.#frame.contentWindow;
    const isFrame = window === null ? undefined : event.source === window;
    this.#bridge.receive(event.data, { origin: event.origin, isFrame });
  }

  #showFrame(): void {
    clearTimeout(this.#timer);
    this.#overlay.remove();
  }
}

function spinner(): HTMLElement {
  const element = document.createElement('span');
  element.className = 'spinner';
  element.setAttribute('aria-hidden', 'true');
  return element;
}
