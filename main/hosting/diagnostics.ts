import type { ExecuteResponse, Execution, HostFunctions } from '../../contract/index.ts';
import { unusable } from './response-check.ts';

/** A thing that an author should know about a call, beside its answer. */
export interface Diagnostic {
  /** Stable, for example `response.unusable`. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

/** What a finished run is to its caller, and what it did that nobody was asked about. */
export function executionDiagnostics({ response, hostCalls }: Execution): Diagnostic[] {
  return [...(response ? responseDiagnostics(response) : []), ...egressDiagnostics(hostCalls)];
}

function egressDiagnostics(hostCalls: Execution['hostCalls']): Diagnostic[] {
  const [call] = hostCalls.filter(call => call.interface.startsWith('wasi:http/'));
  if (!call) return [];
  return [call.outcome === 'http-request-denied' ? WASI_HTTP_REFUSED : WASI_HTTP];
}

const WASI_HTTP: Diagnostic = {
  code: 'egress.wasi-http',
  severity: 'warning',
  message:
    'The handler sends requests over wasi:http, to which neither the allowlist nor cap:http.fetch applies. Build without it, and use http.fetch.',
};

const WASI_HTTP_REFUSED: Diagnostic = {
  code: 'egress.wasi-http-refused',
  severity: 'error',
  message:
    'A request over wasi:http was refused, as the strict posture does: on the platform it goes out, past the allowlist and cap:http.fetch. Build without wasi:http, and use http.fetch.',
};

/**
 * What becomes of a guest's response on its way to a caller: the gateways answer 503 in place of one they cannot send
 * (spec ui-bridge 3.6.3), and of equal header names the last one wins (spec 4.5).
 */
function responseDiagnostics(response: ExecuteResponse): Diagnostic[] {
  const reason = unusable(response);
  const repeated = repeatedNames(response);
  return [
    ...(reason === undefined ? [] : [unusableDiagnostic(reason)]),
    ...(repeated.length === 0 ? [] : [repeatedDiagnostic(repeated)]),
  ];
}

function unusableDiagnostic(reason: string): Diagnostic {
  return {
    code: 'response.unusable',
    severity: 'error',
    message: `${reason} The platform's gateways answer 503 in its place.`,
  };
}

function repeatedDiagnostic(names: readonly string[]): Diagnostic {
  return {
    code: 'response.repeated-header',
    severity: 'warning',
    message: `The handler gives ${names.join(', ')} more than once; only the last value reaches the caller.`,
  };
}

function repeatedNames({ headers }: ExecuteResponse): string[] {
  const names = headers.map(({ name }) => name.toLowerCase());
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/** More are counted, not kept. */
const MOST_NOTES = 50;

/** Listens to host calls and keeps what the platform would keep to itself behind an error case (spec 13.1, "Host errors"). */
export class HostNotes {
  readonly #messages = new Set<string>();
  #leftOut = 0;

  /** The same host functions, heard. */
  listening(functions: HostFunctions): HostFunctions {
    return async call => {
      const reply = await functions(call);
      if (reply.note !== undefined) this.#keep(`${call.interface}.${call.function}: ${reply.note}`);
      return reply;
    };
  }

  /** One for each different note. */
  diagnostics(): Diagnostic[] {
    const messages = [...this.#messages];
    if (this.#leftOut > 0) messages.push(`${this.#leftOut} more notes of host calls are left out.`);
    return messages.map(message => ({ code: 'host.note', severity: 'info', message }));
  }

  #keep(message: string): void {
    if (this.#messages.has(message) || this.#messages.size < MOST_NOTES) this.#messages.add(message);
    else this.#leftOut += 1;
  }
}
