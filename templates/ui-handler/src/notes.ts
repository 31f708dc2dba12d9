import { jsonResponse } from '@alga-psa/extension-runtime';
import { HostError } from './host-bindings.ts';
import { RequestError, type Call } from './router.ts';

export interface Note {
  id: string;
  text: string;
  /** ISO time, told by the caller: inside a component the clock stands still at the time of the build. */
  createdAt: string;
}

const NAMESPACE = 'notes';
const MAX_LENGTH = 500;

/** Newest first. The platform lists the first 25 records of a namespace. */
export async function listNotes({ host }: Call) {
  const records = await host.storage.list(NAMESPACE);
  const notes = records.map(record => JSON.parse(new TextDecoder().decode(record.value)) as Note);
  return jsonResponse({ notes: notes.sort((a, b) => b.createdAt.localeCompare(a.createdAt)) });
}

export async function addNote({ request, host, json }: Call) {
  const { text, createdAt } = parseInput(json());
  // Random numbers repeat in every call, too: the platform's id of this request is unique.
  const id = request.context.requestId;
  if (!id) throw new RequestError(400, 'The request has no id.');
  const note: Note = { id, text, createdAt };
  await host.storage.put({
    namespace: NAMESPACE,
    key: id,
    value: new TextEncoder().encode(JSON.stringify(note)),
  });
  await host.logging.info(`Added note ${id}`);
  return jsonResponse({ note }, { status: 201 });
}

export async function deleteNote({ host, params }: Call) {
  try {
    await host.storage.delete(NAMESPACE, params['id'] ?? '');
  } catch (error) {
    // This is how the platform says that there is no such record.
    if (error instanceof HostError && error.code === 'conflict')
      throw new RequestError(404, 'There is no such note.');
    throw error;
  }
  return jsonResponse({ deleted: true });
}

function parseInput(body: unknown): { text: string; createdAt: string } {
  const { text, createdAt } = Object(body) as Record<string, unknown>;
  if (typeof text !== 'string' || !text.trim()) throw new RequestError(400, 'Write something first.');
  if (text.length > MAX_LENGTH) throw new RequestError(400, `A note has at most ${MAX_LENGTH} characters.`);
  return { text: text.trim(), createdAt: typeof createdAt === 'string' ? createdAt : '' };
}
