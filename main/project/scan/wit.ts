import { maskSource } from './source.ts';

export interface WitFault {
  readonly offset: number;
  readonly reason: string;
}

/** Interfaces and functions of the runner's world (spec 3.4). */
const WORLD: Readonly<Record<string, readonly string[]>> = {
  context: ['get-context'],
  secrets: ['get', 'list-keys'],
  http: ['fetch'],
  storage: ['get', 'put', 'delete', 'list-entries'],
  logging: ['log-info', 'log-warn', 'log-error'],
  'ui-proxy': ['call-route'],
  user: ['get-user'],
  'user-v2': ['get-user'],
  scheduler: [
    'list-schedules',
    'get-schedule',
    'get-endpoints',
    'create-schedule',
    'update-schedule',
    'delete-schedule',
  ],
  invoicing: ['create-manual-invoice'],
  clients: ['list-clients', 'get-client'],
  services: ['list-services', 'get-service'],
};

/** Forms that WIT does not have, but that the official template is full of (spec 3.7). */
const IMPOSSIBLE: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  {
    pattern: /\b(?:import|export)\s+[\w-]+\s*:\s*interface\s+[\w-]+\s*;/g,
    reason: 'a named interface is imported by its name alone',
  },
  { pattern: /\bresult\s*<\s*\(\s*\)/g, reason: 'an empty result is written `_`, not `()`' },
];

/**
 * What keeps a WIT file from being parsed: types outside an interface or a world, and forms the language does not have.
 * A light check, not a parser: an empty list does not prove the file right.
 *
 * @returns faults in the order of the text
 */
export function syntaxFaults(text: string): WitFault[] {
  const { code } = maskSource(text);
  const faults: WitFault[] = [];
  let depth = 0;
  for (const match of code.matchAll(
    /[{}]|(?<![\w%-])(?:record|enum|variant|flags|resource|type)\s+%?[a-z][\w-]*/g,
  )) {
    if (match[0] === '{') depth += 1;
    else if (match[0] === '}') depth -= 1;
    else if (depth === 0) {
      const reason = `\`${match[0].replace(/\s+/g, ' ')}\` stands outside every interface`;
      faults.push({ offset: match.index, reason });
    }
  }
  for (const { pattern, reason } of IMPOSSIBLE) {
    for (const match of code.matchAll(pattern)) faults.push({ offset: match.index, reason });
  }
  if (depth !== 0) faults.push({ offset: text.length, reason: 'braces are not balanced' });
  return faults.sort((a, b) => a.offset - b.offset);
}

/** Functions that the runner's interfaces of that name do not have: a component that imports one cannot be linked. */
export function unknownFunctions(text: string): WitFault[] {
  const { code } = maskSource(text);
  const faults: WitFault[] = [];
  for (const block of code.matchAll(/\binterface\s+%?([\w-]+)\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g)) {
    const known = WORLD[block[1] ?? ''];
    if (known === undefined) continue;
    const body = block[2] ?? '';
    const start = block.index + block[0].lastIndexOf(body);
    for (const match of body.matchAll(/(?<![\w%-])%?([a-z][\w-]*)\s*:\s*(?:async\s+)?func\b/g)) {
      const name = match[1] ?? '';
      if (known.includes(name)) continue;
      faults.push({
        offset: start + match.index,
        reason: `the runner has no function \`${block[1] ?? ''}.${name}\``,
      });
    }
  }
  return faults;
}
