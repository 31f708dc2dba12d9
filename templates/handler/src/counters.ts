import { jsonResponse } from '@alga-psa/extension-runtime';
import { get, put } from 'alga:extension/storage';
import { caseOf } from './host-bindings.ts';
import { RequestError, type Call } from './router.ts';

const NAMESPACE = 'counters';
const ATTEMPTS = 5;

interface Counter {
  value: number;
  /** The version of the stored record; absent when there is none yet. */
  revision?: bigint | undefined;
}

export function readCounter({ params }: Call) {
  const name = counterName(params);
  return jsonResponse({ name, value: read(name).value });
}

/**
 * Adds one. Two calls may run at the same time: each writes on the condition that the record is still the one
 * it read, and tries again when it is not. `host.storage` does not tell the revision, so this goes to the
 * platform's module directly, which any file may do.
 */
export async function increment({ host, params }: Call) {
  const name = counterName(params);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { value, revision } = read(name);
    if (write(name, { value: value + 1, revision })) {
      await host.logging.info(`Counter ${name} is at ${value + 1}`);
      return jsonResponse({ name, value: value + 1 });
    }
  }
  throw new RequestError(409, 'Too many calls at the same time. Try again.');
}

function read(name: string): Counter {
  try {
    const { value, revision } = get(NAMESPACE, name);
    return { value: Number(new TextDecoder().decode(value)), revision };
  } catch (error) {
    if (caseOf(error) === 'missing') return { value: 0 };
    throw error;
  }
}

/** False when somebody else wrote the record in the meantime. */
function write(name: string, { value, revision }: Counter): boolean {
  try {
    put({ namespace: NAMESPACE, key: name, value: new TextEncoder().encode(String(value)), revision });
    return true;
  } catch (error) {
    if (caseOf(error) === 'conflict') return false;
    throw error;
  }
}

function counterName(params: Call['params']): string {
  const name = params['name'] ?? '';
  if (!/^[\w-]{1,64}$/.test(name))
    throw new RequestError(400, 'Use letters, digits, "-" and "_" in the name.');
  return name;
}
