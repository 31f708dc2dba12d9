import { jsonResponse } from '@alga-psa/extension-runtime';
import { withHost } from './host-bindings.ts';
import { addNote, deleteNote, listNotes } from './notes.ts';
import { createRouter, type Call } from './router.ts';

/** The platform calls this for every request that fits an endpoint of manifest.json. */
export const handler = withHost(
  createRouter([
    { method: 'GET', path: '/api/greeting', run: greet },
    { method: 'GET', path: '/api/notes', run: listNotes },
    { method: 'POST', path: '/api/notes', run: addNote },
    { method: 'DELETE', path: '/api/notes/:id', run: deleteNote },
  ]),
);

async function greet({ request, host }: Call) {
  const user = await host.user.getUser();
  await host.logging.info(`Greeting ${user.userName}`);
  return jsonResponse({
    message: `Hello, ${user.userName}!`,
    client: user.clientName,
    requestId: request.context.requestId,
  });
}
