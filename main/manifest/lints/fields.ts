import type { Issue } from '../issues.ts';
import { valueAt } from '../shape.ts';

/** Top-level fields that are checked, then read by nobody (spec 2.2). */
const DEAD_FIELDS: Readonly<Record<string, string>> = {
  assets: 'packing takes the whole ui folder whatever the list says',
  precompiled: 'the runner compiles dist/main.wasm itself',
};

export function lintFields(value: unknown): Issue[] {
  return Object.entries(DEAD_FIELDS)
    .filter(([field]) => valueAt(value, field) !== undefined)
    .map(([field, reason]) => ({
      rule: 'dead-field',
      path: [field],
      at: 'key',
      message: `\`${field}\` has no effect: ${reason}.`,
      help: 'Remove it.',
    }));
}
