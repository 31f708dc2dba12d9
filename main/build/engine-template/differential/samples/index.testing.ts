import type { Sample } from '../sample.testing.ts';
import { ASYNC } from './async.testing.ts';
import { BASICS } from './basics.testing.ts';
import { COLLECTIONS } from './collections.testing.ts';
import { ERRORS } from './errors.testing.ts';
import { FUNCTIONS } from './functions.testing.ts';
import { HOST_OUTCOMES } from './host-outcomes.testing.ts';
import { HOST } from './host.testing.ts';
import { MODULES } from './modules.testing.ts';
import { NUMBERS } from './numbers.testing.ts';
import { OBJECTS } from './objects.testing.ts';
import { RESPONSES } from './responses.testing.ts';
import { TEXT } from './text.testing.ts';

export const EVERY_SAMPLE: readonly Sample[] = [
  ...BASICS,
  ...HOST,
  ...HOST_OUTCOMES,
  ...RESPONSES,
  ...MODULES,
  ...ERRORS,
  ...COLLECTIONS,
  ...NUMBERS,
  ...OBJECTS,
  ...FUNCTIONS,
  ...ASYNC,
  ...TEXT,
];

/** What `npm test` builds with the official tool too: one or two of each kind. */
export const EVERYDAY: ReadonlySet<string> = new Set([
  'the request comes back',
  'state at the top level is every request’s start',
  'stacks tell the same places',
  'large data grows the memory',
  'what is switched off',
  'responses of a wrong shape',
  'odd text in the source',
  '200 KB of source',
  'http',
  'storage',
  'a host error that nobody catches',
  'class: order of initialisation',
  'proxy: every trap',
  'a generator stopped half way before the request',
  'promise: order of jobs',
  'kinds of rejection',
  'json: reviver and replacer',
  'bytes: views of one buffer',
  'clock: stands still while a request runs',
  'host: scheduler.createSchedule',
]);
