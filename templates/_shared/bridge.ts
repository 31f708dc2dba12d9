/** The line to the platform's page around this frame: theme in, calls to the extension's own handler out. */
import { IframeBridge, callHandlerJson, subscribeTheme } from '@alga-psa/extension-iframe-sdk';
import type { CallHandlerJsonOptions, Envelope } from '@alga-psa/extension-iframe-sdk';

/** Connects, follows the platform's theme and tells the platform that the page is ready. */
export function connect(): IframeBridge {
  const origin = parentOrigin();
  const bridge = new IframeBridge({
    devAllowWildcard: false,
    ...(origin === undefined ? {} : { expectedParentOrigin: origin }),
  });
  subscribeTheme(bridge);
  bridge.on((message: Envelope) => {
    if (message.type === 'theme') followColorScheme();
  });
  bridge.ready();
  return bridge;
}

/** Calls a declared endpoint of this extension and gives its JSON answer. */
export async function api<T>(
  bridge: IframeBridge,
  path: string,
  options?: CallHandlerJsonOptions,
): Promise<T> {
  try {
    return (await callHandlerJson<T>(bridge, path, options)) as T;
  } catch (error) {
    throw new Error(readableError(error), { cause: error });
  }
}

/**
 * The page around this frame, as the browser knows it. The platform's redirect drops the `parentOrigin` that
 * the SDK looks for in the address, so without this the SDK would talk to itself.
 */
export function parentOrigin(): string | undefined {
  return document.referrer ? new URL(document.referrer).origin : undefined;
}

/** Failed calls arrive as one line, `Proxy error <status>: <body>`: takes the handler's own words out of it. */
export function readableError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [, status, body] = /^Proxy error (\d+): (.*)$/s.exec(text) ?? [];
  if (status === undefined) return text;
  try {
    const answer: unknown = JSON.parse(body ?? '');
    if (
      answer !== null &&
      typeof answer === 'object' &&
      'error' in answer &&
      typeof answer.error === 'string'
    ) {
      return answer.error;
    }
  } catch {
    // The body is not JSON: the status has to do.
  }
  return `The call failed with status ${status}.`;
}

/** The theme comes as colours without a name; a dark background asks for dark form controls and scroll bars. */
function followColorScheme(): void {
  const root = document.documentElement;
  const [r = 255, g = 255, b = 255] = (
    getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []
  ).map(Number);
  const scheme = 0.299 * r + 0.587 * g + 0.114 * b < 128 ? 'dark' : 'light';
  root.dataset['theme'] = scheme;
  root.style.colorScheme = scheme;
}
