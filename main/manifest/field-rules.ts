import { isArray, isFilled, isObject } from './shape.ts';

const EXACT_VERSION = /^\d+\.\d+\.\d+(?:-[A-Za-z0-9.-]+)?(?:\+[A-Za-z0-9.-]+)?$/;
const WILDCARD_VERSION = /^\d+\.\d+\.\*$/;

/** True for `X.Y.*`, which finalize resolves to the next free patch number (spec 2.7). */
export function isWildcardVersion(version: string): boolean {
  return WILDCARD_VERSION.test(version);
}

/** One field's rule: what the value must be, and what to write instead. */
export interface FieldRule {
  readonly field: string;
  readonly rule: string;
  readonly required: boolean;
  readonly accepts: (value: unknown) => boolean;
  readonly must: string;
  readonly help: string;
}

/** The rule of each known top-level field on its own; what stands below it is checked in validate.ts. */
export const FIELD_RULES: readonly FieldRule[] = [
  {
    field: 'name',
    rule: 'name',
    required: true,
    accepts: isFilled,
    must: 'be a non-empty string',
    help: 'Give the extension a name, for example "invoice-helper".',
  },
  {
    field: 'publisher',
    rule: 'publisher',
    required: false,
    accepts: isFilled,
    must: 'be a non-empty string when it is given',
    help: 'Write the name of the organisation that publishes the extension.',
  },
  {
    field: 'version',
    rule: 'version',
    required: true,
    accepts: value =>
      typeof value === 'string' && (EXACT_VERSION.test(value) || WILDCARD_VERSION.test(value)),
    must: 'be a version like 1.2.3, 1.2.3-beta.1 or 1.2.*',
    help: 'Write three numbers with dots; the last one may be * to take the next free patch number.',
  },
  {
    field: 'runtime',
    rule: 'runtime',
    required: true,
    accepts: value => typeof value === 'string' && /[@-]/.test(value),
    must: 'be a string that holds @ or -',
    help: 'Write "wasm-js@1".',
  },
  {
    field: 'capabilities',
    rule: 'capabilities',
    required: false,
    accepts: isArray,
    must: 'be an array of strings',
    help: 'List the capabilities the handler uses, for example ["cap:storage.kv"].',
  },
  {
    field: 'assets',
    rule: 'assets',
    required: false,
    accepts: isArray,
    must: 'be an array of strings',
    help: 'Remove it: no part of the platform reads it.',
  },
  {
    field: 'precompiled',
    rule: 'precompiled',
    required: false,
    accepts: isObject,
    must: 'be an object of strings',
    help: 'Remove it: no part of the platform reads it.',
  },
  {
    field: 'ui',
    rule: 'ui',
    required: false,
    accepts: isObject,
    must: 'be an object',
    help: 'Write {"type": "iframe", "entry": "ui/index.html"} or leave it out.',
  },
  {
    field: 'api',
    rule: 'api',
    required: false,
    accepts: isObject,
    must: 'be an object',
    help: 'Write {"endpoints": [...]} or leave it out.',
  },
];
