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
  #view: FrameView;
  #visit: Visit;
  readonly #state: () => HostPageState;
  readonly #line: ReportLine;
  readonly #frame = document.createElement('iframe');
  readonly #overlay = document.createElement('div');
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #listen = (event: MessageEvent): void => this.#receive(event);
  readonly #leave = (): void => this.#visit.leave();
  readonly #themeWatch = new MutationObserver(() => this.#visit.bridge.sendTheme());

  /** @param state the newest state, asked for whenever it matters */
  constructor(view: FrameView, container: HTMLElement, state: () => HostPageState, line: ReportLine) {
    this.#view = view;
    this.#state = state;
    this.#line = line;
    this.#visit = this.#begin(view);
    // Listening comes first: a message posted before there is a listener is lost (spec ui-bridge 3.7).
    addEventListener('message', this.#listen);
    addEventListener('pagehide', this.#leave);
    this.#themeWatch.observe(document.documentElement, { attributeFilter: ['class', 'style'] });
    this.#timer = setTimeout(() => this.#showFrame(), OVERLAY_MS);
    this.#frame.addEventListener('load', () => this.#loaded());
    this.#build(view, container);
  }

  /** What it shows; see {@link PageView}. */
  get key(): string {
    return this.#view.key;
  }

  /**
   * Goes to another build of the same extension, or shows it to another user. The frame stays: the browser would give a
   * new one a process of its own, which takes longer than all the rest, and show nothing meanwhile.
   *
   * @returns false for another extension, which needs a frame of its own
   */
  goTo(view: FrameView): boolean {
    const window = this.#frame.contentWindow;
    if (window === null || view.frameOrigin !== this.#view.frameOrigin) return false;
    this.#visit.leave();
    this.#view = view;
    this.#visit = this.#begin(view);
    // In place of the old build, to which no way should lead back.
    window.location.replace(view.src);
    return true;
  }

  dispose(): void {
    removeEventListener('message', this.#listen);
    removeEventListener('pagehide', this.#leave);
    this.#themeWatch.disconnect();
    clearTimeout(this.#timer);
    this.#visit.leave();
    this.#frame.remove();
    this.#overlay.remove();
  }

  #begin({ extension, frameOrigin }: FrameView): Visit {
    const { registryId, contentHash } = extension;
    const reporter = new Reporter(this.#line, { registryId, contentHash });
    // The browser lets an equal GET of the next build wait for those of this one.
    const left = new AbortController();
    const visit: Visit = {
      resized: false,
      bridge: new Bridge(
        {
          post: (message, target) => this.#frame.contentWindow?.postMessage(message, target),
          setHeight: pixels => {
            visit.resized = true;
            this.#frame.style.height = `${pixels}px`;
          },
          ready: () => this.#showFrame(),
          fetch: (input, init) => fetch(input, { ...init, signal: left.signal }),
          report: event => reporter.add(event),
          theme: () => this.#state().theme,
          posture: () => this.#state().posture,
          now: () => performance.timeOrigin + performance.now(),
          newId: () => crypto.randomUUID(),
        },
        { registryId, frameOrigin, pageOrigin: location.origin },
      ),
      leave() {
        visit.bridge.leave();
        reporter.leave();
        left.abort();
      },
    };
    return visit;
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

  /** A page that says no height has the page's own, whatever the build before it said. */
  #loaded(): void {
    if (!this.#visit.resized) this.#frame.style.removeProperty('height');
  }

  #receive(event: MessageEvent): void {
    const window = this.#frame.contentWindow;
    const isFrame = window === null ? undefined : event.source === window;
    this.#visit.bridge.receive(event.data, { origin: event.origin, isFrame });
  }

  #showFrame(): void {
    clearTimeout(this.#timer);
    this.#overlay.remove();
  }
}

/** One build, shown to one user. */
interface Visit {
  readonly bridge: Bridge;
  /** The page said how high it is. */
  resized: boolean;
  /** Ends its calls; those that nobody will see the answer of are reported. */
  leave(): void;
}

function spinner(): HTMLElement {
  const element = document.createElement('span');
  element.className = 'spinner';
  element.setAttribute('aria-hidden', 'true');
  return element;
}
