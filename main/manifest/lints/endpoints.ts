import type { Manifest } from '../../../contract/index.ts';
import { CALLABLE_METHODS, splitPath } from '../endpoints.ts';
import type { Issue } from '../issues.ts';
import { isArray, isObject, valueAt } from '../shape.ts';

const ENDPOINT_FIELDS: readonly string[] = ['method', 'path', 'handler'];

/** Rows of the endpoint table that never match, match twice or carry keys that are dropped (spec 2.4, 2.6). */
export function lintEndpoints(value: unknown, manifest: Manifest): Issue[] {
  const rows = valueAt(value, 'api', 'endpoints');
  return [
    ...manifest.endpoints.flatMap((row, index) => [
      ...deadMethod(row.method, index),
      ...pattern(row.path, index),
    ]),
    ...duplicates(manifest),
    ...(isArray(rows) ? rows.flatMap(droppedKeys) : []),
  ];
}

function deadMethod(method: string, index: number): Issue[] {
  if (CALLABLE_METHODS.includes(method)) return [];
  const reason = method === 'HEAD' ? 'a HEAD call is looked up as GET' : 'the gateway ignores OPTIONS rows';
  return [
    {
      rule: 'dead-method',
      path: ['api', 'endpoints', index, 'method'],
      message: `This ${method} endpoint never matches: ${reason}.`,
      help: method === 'HEAD' ? 'Declare GET instead.' : 'Remove the row.',
    },
  ];
}

function pattern(path: string, index: number): Issue[] {
  const segment = splitPath(path).find(part => /[*?#{}[\]]/.test(part));
  if (segment === undefined) return [];
  return [
    {
      rule: 'endpoint-pattern',
      path: ['api', 'endpoints', index, 'path'],
      message: `\`${segment}\` is taken literally: the gateway knows \`:name\` for one segment and no other pattern.`,
      help: 'Write "/items/:id", one row for each number of segments; a query is not part of the path.',
    },
  ];
}

function duplicates(manifest: Manifest): Issue[] {
  const first = new Map<string, number>();
  return manifest.endpoints.flatMap((row, index) => {
    const shape = splitPath(row.path).map(part => (part.startsWith(':') ? ':' : part));
    const key = `${row.method} /${shape.join('/')}`;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, index);
      return [];
    }
    return [
      {
        rule: 'duplicate-endpoint',
        path: ['api', 'endpoints', index],
        message: `${row.method} ${row.path} matches the same calls as row ${earlier + 1}; this row is never reached.`,
        help: 'Remove one of them.',
      },
    ];
  });
}

function droppedKeys(row: unknown, index: number): Issue[] {
  if (!isObject(row)) return [];
  return Object.keys(row)
    .filter(key => !ENDPOINT_FIELDS.includes(key))
    .map(key => ({
      rule: 'dropped-field',
      path: ['api', 'endpoints', index, key],
      at: 'key',
      message: `The platform drops \`${key}\` of an endpoint when it stores the manifest.`,
      help: 'Remove it; only method, path and handler are kept.',
    }));
}
