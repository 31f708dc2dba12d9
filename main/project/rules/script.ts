import { finding, replaceRange, type Finding, type Inspection, type SourceFile } from '../finding.ts';
import { closingBracket, maskSource, type MaskedSource } from '../scan/source.ts';

/** The embedding page's origin as the browser knows it; the platform's redirect loses `parentOrigin` (spec ui-bridge 1.3). */
const PARENT_ORIGIN =
  'expectedParentOrigin: document.referrer ? new URL(document.referrer).origin : window.location.origin';

const LONGEST_LINE = 2000;

/** A name or call that will not work in the platform's frame. */
interface Pattern {
  readonly code: string;
  /** Looked for in the code with strings blanked, or with strings kept. */
  readonly within: 'code' | 'noComments';
  readonly pattern: RegExp;
  readonly message: string;
  readonly help: string;
}

const PATTERNS: readonly Pattern[] = [
  {
    code: 'ui.modal-blocked',
    within: 'code',
    pattern:
      /(?<![\w$.])(?:(?:window|globalThis|self)\s*\.\s*)?(?:alert|confirm|prompt)\s*\((?!\s*\)\s*[:{])/g,
    message:
      "The platform's frame has no `allow-modals`: alert, confirm and prompt do nothing, confirm answers false.",
    help: 'Show the text in the page.',
  },
  {
    code: 'ui.direct-gateway',
    within: 'noComments',
    pattern: /(?<![\w$])fetch\s*\(\s*['"`]\/api\/ext(?:-proxy)?\//g,
    message: "The frame has an origin of its own: a fetch to the platform's gateway does not reach it.",
    help: "Call the handler through the SDK's bridge (callHandlerJson).",
  },
  {
    code: 'ui.remote-fetch',
    within: 'noComments',
    pattern: /(?<![\w$])fetch\s*\(\s*['"`](?:https?:)?\/\//g,
    message: 'The platform lets a page fetch from its own origin only (content security policy).',
    help: 'Fetch it in the handler (cap:http.fetch) and call the handler through the bridge.',
  },
  {
    code: 'ui.wildcard-target',
    within: 'noComments',
    pattern: /\.postMessage\s*\((?:[^()]|\([^()]*\))*?,\s*(['"`])\*\1/g,
    message: 'A message to the target "*" is given to whatever page stands in the parent window.',
    help: "Name the parent's origin, or use the SDK's bridge.",
  },
  {
    code: 'ui.eval',
    within: 'code',
    pattern: /(?<![\w$.])(?:eval|new\s+Function)\s*\(/g,
    message: 'The platform blocks code made from strings (content security policy).',
    help: 'Do without eval and new Function.',
  },
];

/** Hooks of the SDK that wait for messages which the live platform never sends (spec ui-bridge 10, 27). */
const DEAD_HOOKS = ['useTheme', 'useAuthToken', 'getToken', 'navigate'];

/** Scripts of the page: what the frame, its policy and the bridge do not allow (spec 5.5, 5.6; ui-bridge 1.3, 2.1, 2.3). */
export function scriptRules(inspection: Inspection): Finding[] {
  return inspection.sources
    .filter(file => isPageScript(file.path, inspection) && isHandwritten(file.text))
    .filter(file => !isReplaced(file.path, inspection))
    .flatMap(checkScript);
}

/** Minified files are other people's, and nothing the author would mend. */
function isHandwritten(text: string): boolean {
  return !text.split('\n').some(line => line.length > LONGEST_LINE);
}

/** The project's own build makes a file of this name for the bundle (`outfile: …/ui/index.js`), so this one never ships. */
function isReplaced(path: string, { project, sources }: Inspection): boolean {
  if (project.shape.buildScript === undefined || !path.startsWith('ui/')) return false;
  const written = new RegExp(
    `\\boutfile\\b[^\\n]*(?<![\\w-])${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\b`,
    'i',
  );
  const isPartOfPage = (file: SourceFile): boolean => /^(?:ui|src|wit)\//.test(file.path);
  return sources.some(file => !isPartOfPage(file) && written.test(file.text));
}

function isPageScript(path: string, { project }: Inspection): boolean {
  if (!/\.[cm]?[jt]sx?$/.test(path) || path.endsWith('.d.ts') || path === project.handlerEntry) return false;
  if (path.startsWith('ui/') || path.startsWith('src/ui/') || /\.[jt]sx$/.test(path)) return true;
  return path.startsWith('src/') && project.handlerEntry === undefined;
}

function checkScript(source: SourceFile): Finding[] {
  const masked = maskSource(source.text);
  return [
    ...PATTERNS.flatMap(({ within, pattern, ...report }) =>
      [...masked[within].matchAll(pattern)].map(match =>
        finding({ ...report, severity: 'warning', source, offset: match.index }),
      ),
    ),
    ...bridges(source, masked),
    ...deadHooks(source, masked),
    ...uncheckedMessages(source, masked),
  ];
}

function bridges(source: SourceFile, { code }: MaskedSource): Finding[] {
  return [...code.matchAll(/\bnew\s+IframeBridge\s*(?=\()/g)].flatMap(match => {
    const open = match.index + match[0].length;
    const close = closingBracket(code, open);
    if (close === undefined) return [];
    const options = code.slice(open + 1, close - 1);
    const wildcard = /\bdevAllowWildcard\s*:\s*true\b/.exec(options);
    const named = /\bexpectedParentOrigin\b/.test(options);
    if (wildcard !== null) return [wildcardOrigin(source, open + 1 + wildcard.index, wildcard[0], named)];
    return named || !/^\s*(?:\{|$)/.test(options)
      ? []
      : [noParentOrigin(source, match.index, open + 1, options)];
  });
}

function wildcardOrigin(source: SourceFile, start: number, written: string, named: boolean): Finding {
  const instead = named ? 'devAllowWildcard: false' : PARENT_ORIGIN;
  return finding({
    code: 'ui.wildcard-origin',
    severity: 'warning',
    message: 'With `devAllowWildcard` the bridge believes and answers any window.',
    source,
    offset: start,
    help: 'Name the origin of the embedding page instead; document.referrer has it.',
    fix: {
      title: 'Trust the embedding page only',
      edits: () => Promise.resolve([replaceRange(source, start, start + written.length, instead)]),
    },
  });
}

function noParentOrigin(source: SourceFile, start: number, inside: number, options: string): Finding {
  const brace = options.indexOf('{');
  const empty = brace !== -1 && /^\s*\{\s*\}\s*,?\s*$/.test(options);
  const at = inside + brace + 1;
  return finding({
    code: 'ui.bridge-origin',
    severity: 'warning',
    message:
      'In production this bridge is deaf and mute: a redirect loses `parentOrigin`, so the SDK takes its own origin for the parent and every call times out.',
    source,
    offset: start,
    help: 'Pass `expectedParentOrigin`; document.referrer has it.',
    fix: {
      title: 'Pass the origin of the embedding page',
      edits: () =>
        Promise.resolve([
          brace === -1
            ? replaceRange(source, inside, inside, `{ ${PARENT_ORIGIN} }`)
            : replaceRange(source, at, at, empty ? ` ${PARENT_ORIGIN} ` : ` ${PARENT_ORIGIN},`),
        ]),
    },
  });
}

function deadHooks(source: SourceFile, { noComments }: MaskedSource): Finding[] {
  const imports = noComments.matchAll(
    /\bimport\s*(?:type\s+)?\{([^}]*)\}\s*from\s*['"]@alga-psa\/extension-iframe-sdk['"]/g,
  );
  return [...imports].flatMap(match => {
    const names = match[1] ?? '';
    const start = match.index + match[0].indexOf('{') + 1;
    return [...names.matchAll(/[\w$]+/g)]
      .filter(name => DEAD_HOOKS.includes(name[0]))
      .map(name =>
        finding({
          code: 'ui.dead-sdk-call',
          severity: 'warning',
          message: `\`${name[0]}\` of the SDK does nothing on the live platform: the message it needs is never sent or never read.`,
          source,
          offset: start + name.index,
          help: 'For the theme use subscribeTheme; for data call the handler.',
        }),
      );
  });
}

function uncheckedMessages(source: SourceFile, { noComments, code }: MaskedSource): Finding[] {
  if (/\.\s*(?:origin|source)\b/.test(code)) return [];
  return [...noComments.matchAll(/\baddEventListener\s*\(\s*(['"`])message\1/g)].map(match =>
    finding({
      code: 'ui.unchecked-message',
      severity: 'warning',
      message: 'This listener takes messages from any window.',
      source,
      offset: match.index,
      help: 'Compare event.source with window.parent and event.origin with the origin you expect.',
    }),
  );
}
