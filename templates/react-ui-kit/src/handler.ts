import { withHost } from './host-bindings.ts';
import { createRouter } from './router.ts';
import { addTask, changeTask, listTasks } from './tasks.ts';

/** The platform calls this for every request that fits an endpoint of manifest.json. */
export const handler = withHost(
  createRouter([
    { method: 'GET', path: '/api/tasks', run: listTasks },
    { method: 'POST', path: '/api/tasks', run: addTask },
    { method: 'PATCH', path: '/api/tasks/:id', run: changeTask },
  ]),
);
