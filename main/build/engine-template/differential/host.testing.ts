import { answerTo } from './host-answers.testing.ts';
import type { AddonComponent, AddonOutcome } from '../engine.testing.ts';

/** Everything of a run that an extension's author or its caller can see. */
export interface Seen {
  readonly response?: {
    readonly status: number;
    readonly headers: unknown;
    readonly body: string | undefined;
  };
  readonly fault?: string;
  readonly logs: readonly string[];
  readonly calls: readonly string[];
}

/** Runs a request (`METHOD /path body`) against a host whose answers depend on the call and the request's URL alone. */
export async function see(component: AddonComponent, request: string): Promise<Seen> {
  const [method = 'GET', url = '/', body] = request.split(' ');
  const calls: string[] = [];
  const outcome = await component.execute(
    {
      context: { requestId: 'r', tenantId: 't', extensionId: 'e', installId: 'i' },
      http: {
        method,
        url,
        headers: [
          { name: 'X-One', value: '1' },
          { name: 'x-one', value: 'ü' },
        ],
        ...(body !== undefined && { body: Buffer.from(body) }),
      },
    },
    call => {
      calls.push(`${call.interface}.${call.function} ${call.argsJson} ${call.bytes?.toString('hex') ?? '-'}`);
      return answerTo(call, url);
    },
  );
  return seen(outcome, calls);
}

function seen({ response, fault, logs }: AddonOutcome, calls: readonly string[]): Seen {
  return {
    ...(response && {
      response: {
        status: response.status,
        headers: response.headers,
        body: response.body?.toString('latin1'),
      },
    }),
    ...(fault && { fault: `${fault.code}: ${fault.message}` }),
    logs: logs.map(({ level, message }) => `${level} ${message}`),
    calls,
  };
}
