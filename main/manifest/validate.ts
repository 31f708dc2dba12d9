import { MANIFEST_FIELDS } from '../../contract/index.ts';
import type { Issue } from './issues.ts';
import { formatPath } from './issues.ts';
import type { JsonPath } from './json.ts';
import { DECLARABLE_METHODS } from './endpoints.ts';
import { FIELD_RULES, type FieldRule } from './field-rules.ts';
import { isArray, isFilled, isObject, valueAt, type JsonObject } from './shape.ts';

/**
 * Holds a parsed manifest against finalize's rules (spec 2.2, 2.3, 2.6).
 *
 * @param value what `JSON.parse` gave
 * @returns every broken rule in the order of the fields; empty when finalize would accept the manifest
 */
export function validateManifest(value: unknown): Issue[] {
  if (!isObject(value)) {
    return [
      {
        rule: 'not-object',
        path: [],
        message: 'The manifest must be a JSON object.',
        help: 'Write an object with at least name, version and runtime.',
      },
    ];
  }
  return [
    ...unknownFields(value),
    ...FIELD_RULES.flatMap(rule => checkField(value, rule)),
    ...checkStrings(value, 'capabilities'),
    ...checkStrings(value, 'assets'),
    ...checkPrecompiled(value),
    ...checkUi(value),
    ...checkEndpoints(value),
  ];
}

function issue(rule: string, path: JsonPath, must: string, help: string): Issue {
  return { rule, path, message: `\`${formatPath(path)}\` must ${must}.`, help };
}

function unknownFields(manifest: JsonObject): Issue[] {
  return Object.keys(manifest)
    .filter(key => !MANIFEST_FIELDS.includes(key))
    .map(key => ({
      rule: 'unknown-field',
      path: [key],
      at: 'key',
      message: `The platform refuses the field \`${key}\`.`,
      help: 'Remove it: a manifest with a field the platform does not know cannot be published.',
      fix: { id: `manifest.unknown-field:${key}`, title: `Remove "${key}"` },
    }));
}

function checkField(manifest: JsonObject, rule: FieldRule): Issue[] {
  const value = valueAt(manifest, rule.field);
  if (value === undefined && !rule.required) return [];
  if (rule.accepts(value)) return [];
  if (value !== undefined) return [issue(rule.rule, [rule.field], rule.must, rule.help)];
  return [{ rule: rule.rule, path: [rule.field], message: `\`${rule.field}\` is missing.`, help: rule.help }];
}

function checkStrings(manifest: JsonObject, field: 'capabilities' | 'assets'): Issue[] {
  const list = valueAt(manifest, field);
  if (!isArray(list)) return [];
  return list.flatMap((item, index) =>
    isFilled(item)
      ? []
      : [issue(field, [field, index], 'be a non-empty string', 'Write a string or remove the entry.')],
  );
}

function checkPrecompiled(manifest: JsonObject): Issue[] {
  const map = valueAt(manifest, 'precompiled');
  if (!isObject(map)) return [];
  return Object.entries(map).flatMap(([key, value]) =>
    isFilled(key) && isFilled(value)
      ? []
      : [
          issue(
            'precompiled',
            ['precompiled', key],
            'map a non-empty string to a non-empty string',
            'Remove it: no part of the platform reads it.',
          ),
        ],
  );
}

function checkUi(manifest: JsonObject): Issue[] {
  const ui = valueAt(manifest, 'ui');
  if (!isObject(ui)) return [];
  const issues: Issue[] = [];
  if (valueAt(ui, 'type') !== 'iframe') {
    issues.push(issue('ui-type', ['ui', 'type'], 'be "iframe"', 'Write "type": "iframe".'));
  }
  const entry = valueAt(ui, 'entry');
  if (!isFilled(entry) || entry.includes('..')) {
    const must = 'be a non-empty path without ".."';
    issues.push(issue('ui-entry', ['ui', 'entry'], must, 'Write "entry": "ui/index.html".'));
  }
  return [...issues, ...checkHooks(valueAt(ui, 'hooks'))];
}

function checkHooks(hooks: unknown): Issue[] {
  if (hooks === undefined) return [];
  if (!isObject(hooks)) {
    const help = 'Write {"appMenu": {"label": "…"}} or leave it out.';
    return [issue('ui-hooks', ['ui', 'hooks'], 'be an object', help)];
  }
  return ['appMenu', 'clientPortalMenu'].flatMap(hook => {
    const value = valueAt(hooks, hook);
    if (value === undefined || isFilled(valueAt(value, 'label'))) return [];
    const path = isObject(value) ? ['ui', 'hooks', hook, 'label'] : ['ui', 'hooks', hook];
    const must = isObject(value) ? 'be a non-empty string' : 'be an object with a label';
    return [issue('ui-hooks', path, must, `Write "${hook}": {"label": "the menu's text"}.`)];
  });
}

function checkEndpoints(manifest: JsonObject): Issue[] {
  const api = valueAt(manifest, 'api');
  if (!isObject(api)) return [];
  const endpoints = valueAt(api, 'endpoints');
  if (!isArray(endpoints)) {
    const help = 'List the endpoints, or remove "api".';
    return [issue('endpoints', ['api', 'endpoints'], 'be an array (it may be empty)', help)];
  }
  return endpoints.flatMap((row, index) => checkEndpoint(row, ['api', 'endpoints', index]));
}

function checkEndpoint(row: unknown, path: JsonPath): Issue[] {
  if (!isObject(row)) {
    const help = 'Write {"method": "GET", "path": "/items", "handler": "handler"}.';
    return [issue('endpoint', path, 'be an object', help)];
  }
  const issues: Issue[] = [];
  const method = valueAt(row, 'method');
  if (
    typeof method !== 'string' ||
    !(DECLARABLE_METHODS as readonly string[]).includes(method.toUpperCase())
  ) {
    const must = `be one of ${DECLARABLE_METHODS.join(', ')}`;
    issues.push(issue('endpoint-method', [...path, 'method'], must, 'Write the method of the call.'));
  }
  const route = valueAt(row, 'path');
  if (!isFilled(route) || /\s/.test(route) || route.includes('..')) {
    const must = 'be a non-empty path without white space and ".."';
    issues.push(issue('endpoint-path', [...path, 'path'], must, 'Write a path like "/items/:id".'));
  }
  const handler = valueAt(row, 'handler');
  if (!isFilled(handler) || handler.includes('..')) {
    const must = 'be a non-empty string without ".."';
    const help = 'Write any name, for example "handler"; the component dispatches on the request itself.';
    issues.push(issue('endpoint-handler', [...path, 'handler'], must, help));
  }
  return issues;
}
