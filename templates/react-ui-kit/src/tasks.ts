import { jsonResponse, type HostBindings } from '@alga-psa/extension-runtime';
import { RequestError, type Call } from './router.ts';

export interface Task {
  id: string;
  title: string;
  owner: string;
  done: boolean;
}

const NAMESPACE = 'tasks';

/** The platform lists the first 25 records of a namespace. */
export async function listTasks({ host }: Call) {
  const records = await host.storage.list(NAMESPACE);
  return jsonResponse({ tasks: records.map(record => decode(record.value)) });
}

export async function addTask({ request, host, json }: Call) {
  const { title } = Object(json()) as Record<string, unknown>;
  if (typeof title !== 'string' || !title.trim()) throw new RequestError(400, 'A task needs a title.');
  // Random numbers repeat in every call of a component: the platform's id of this request is unique.
  const id = request.context.requestId;
  if (!id) throw new RequestError(400, 'The request has no id.');
  const { userName } = await host.user.getUser();
  const task: Task = { id, title: title.trim(), owner: userName, done: false };
  await save(host, task);
  await host.logging.info(`${userName} added the task "${task.title}"`);
  return jsonResponse({ task }, { status: 201 });
}

export async function changeTask({ host, params, json }: Call) {
  const { done } = Object(json()) as Record<string, unknown>;
  if (typeof done !== 'boolean') throw new RequestError(400, 'Say whether the task is done.');
  const stored = await host.storage.get(NAMESPACE, params['id'] ?? '');
  if (!stored) throw new RequestError(404, 'There is no such task.');
  const task: Task = { ...decode(stored), done };
  await save(host, task);
  return jsonResponse({ task });
}

async function save(host: HostBindings, task: Task) {
  const value = new TextEncoder().encode(JSON.stringify(task));
  await host.storage.put({ namespace: NAMESPACE, key: task.id, value });
}

function decode(bytes: Uint8Array): Task {
  return JSON.parse(new TextDecoder().decode(bytes)) as Task;
}
