/** A small router: it finds the route of a request as the platform finds the endpoint in manifest.json. */
import { jsonResponse } from '@alga-psa/extension-runtime';
import type { ExecuteRequest, ExecuteResponse, Handler, HostBindings } from '@alga-psa/extension-runtime';

export interface Call {
  readonly request: ExecuteRequest;
  readonly host: HostBindings;
  /** Values of the `:name` segments of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The body as JSON; whatever the caller sends, the platform says it is `application/octet-stream`. */
  json(): unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** For example `/api/notes/:id`. List it under `api.endpoints` of manifest.json as well. */
  readonly path: string;
  readonly run: (call: Call) => ExecuteResponse | Promise<ExecuteResponse>;
}

/** Throw it from a route to answer with that status and `{"error": message}`. */
export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A handler that runs the first route that fits, and turns what it throws into an answer. */
export function createRouter(routes: readonly Route[]): Handler {
  return async (request, host) => {
    const url = new URL(request.http.url, 'http://extension');
    const method = request.http.method.toUpperCase();
    // The platform lets HEAD through wherever GET is declared.
    const wanted = method === 'HEAD' ? 'GET' : method;
    for (const route of routes) {
      const params = route.method === wanted ? matchPath(route.path, url.pathname) : undefined;
      if (params)
        return answer(route, {
          request,
          host,
          params,
          query: url.searchParams,
          json: () => parseBody(request),
        });
    }
    return errorResponse(404, `There is no ${method} ${url.pathname}.`);
  };
}

/** The `:name` values when `path` has the shape of `pattern`. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const expected = segments(pattern);
  const actual = segments(path);
  if (expected.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of expected.entries()) {
    const value = actual[index] ?? '';
    if (name.startsWith(':')) params[name.slice(1)] = decodeSegment(value);
    else if (name !== value) return undefined;
  }
  return params;
}

/** An uncaught error would reach the caller as an empty 500: answer it, and keep the details in the log. */
async function answer(route: Route, call: Call): Promise<ExecuteResponse> {
  try {
    return await route.run(call);
  } catch (error) {
    if (error instanceof RequestError) return errorResponse(error.status, error.message);
    const stack = error instanceof Error ? `\n${error.stack ?? ''}` : '';
    await call.host.logging.error(`${route.method} ${route.path} failed: ${String(error)}${stack}`);
    return errorResponse(500, 'Something went wrong. The log has the details.');
  }
}

function parseBody({ http }: ExecuteRequest): unknown {
  if (!http.body?.length) throw new RequestError(400, 'Send a JSON body.');
  try {
    return JSON.parse(new TextDecoder().decode(http.body));
  } catch {
    throw new RequestError(400, 'The body is not JSON.');
  }
}

function errorResponse(status: number, message: string): ExecuteResponse {
  return jsonResponse({ error: message }, { status });
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray `%`: the segment means itself.
    return segment;
  }
}

function segments(path: string): string[] {
  return path.split('/').filter(Boolean);
}
