import { parseTree, type ParseError } from 'jsonc-parser';
import { finding, type Finding, type Inspection, type SourceFile } from '../finding.ts';
import { editJson, isRecord, offsetOf, parseRecord } from '../json.ts';
import { rangeHolds } from './ranges.ts';

/** Every published version of the platform's packages, newest last (spec 11.4, 11.5). */
const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  '@alga-psa/cli': ['0.2.0'],
  '@alga-psa/client-sdk': ['0.2.0'],
  '@alga-psa/extension-iframe-sdk': ['0.1.0', '0.1.1'],
  '@alga-psa/extension-runtime': ['0.2.0', '0.2.1', '0.3.0'],
  '@alga-psa/ui-kit': ['0.1.0', '0.2.0'],
};

/** Names that documents and samples use, but that were never published (spec 11.5, 12). */
const UNPUBLISHED: Readonly<Record<string, string>> = {
  '@alga/cli': '@alga-psa/cli',
  '@alga/client-sdk': '@alga-psa/client-sdk',
  '@alga/extension-iframe-sdk': '@alga-psa/extension-iframe-sdk',
  '@alga/extension-runtime': '@alga-psa/extension-runtime',
  '@alga/ui-kit': '@alga-psa/ui-kit',
};

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/** What `alga build` calls without bringing it (spec 11.2, pitfalls). */
const BUILD_TOOLS = ['typescript', 'esbuild', '@bytecodealliance/jco'];

/** Dependencies that cannot be installed, and what the official build would miss (spec 11.2, 11.3). */
export function packageRules({ sources, project }: Inspection): Finding[] {
  const source = sources.find(file => file.path === 'package.json');
  if (source === undefined) return [];
  const packageJson = parseRecord(source.text);
  if (packageJson === undefined) return [broken(source)];
  const dependencies = GROUPS.flatMap(group => {
    const packages = packageJson[group];
    return isRecord(packages)
      ? Object.entries(packages).map(([name, range]) => ({ group, name, range }))
      : [];
  });
  const names = dependencies.map(({ name }) => name);
  return [
    ...dependencies.flatMap(({ group, name, range }) => checkDependency(source, group, name, range)),
    ...officialBuild(source, packageJson, names, project.shape.hasHandler),
  ];
}

function broken(source: SourceFile): Finding {
  const errors: ParseError[] = [];
  parseTree(source.text, errors, { disallowComments: true });
  return finding({
    code: 'project.bad-package-json',
    severity: 'error',
    message: 'package.json is not a JSON object.',
    source,
    offset: errors[0]?.offset ?? 0,
    help: 'Mend its syntax.',
  });
}

function checkDependency(source: SourceFile, group: string, name: string, range: unknown): Finding[] {
  const rightName = UNPUBLISHED[name];
  const offset = offsetOf(source.text, [group, name], 'key');
  if (rightName !== undefined) {
    return [
      finding({
        code: 'project.unpublished-package',
        severity: 'error',
        message: `No package ${name} was ever published.`,
        source,
        offset,
        help: `Depend on ${rightName}, and import that name in the sources.`,
      }),
    ];
  }
  const versions = PUBLISHED[name] ?? [];
  const newest = versions.at(-1);
  if (newest === undefined || typeof range !== 'string' || rangeHolds(range, newest) !== false) return [];
  const older = versions.findLast(version => rangeHolds(range, version));
  return [
    finding({
      code: 'project.package-range',
      severity: older === undefined ? 'error' : 'warning',
      message:
        older === undefined
          ? `No published version of ${name} fits ${range}, so the project cannot be installed.`
          : `${range} takes ${name} ${older} and never the current ${newest}.`,
      source,
      offset: offsetOf(source.text, [group, name]),
      help: `Write "^${newest}". Published so far: ${versions.join(', ')}.`,
      fix: {
        id: `project.package-range:${name}`,
        title: `Write "^${newest}" for ${name}`,
        edits: () =>
          Promise.resolve([
            { file: source.path, content: editJson(source.text, [group, name], `^${newest}`) },
          ]),
      },
    }),
  ];
}

function officialBuild(
  source: SourceFile,
  packageJson: Record<string, unknown>,
  names: readonly string[],
  hasHandler: boolean,
): Finding[] {
  const scripts = packageJson['scripts'];
  const build = isRecord(scripts) ? scripts['build'] : undefined;
  if (typeof build !== 'string' || !build.includes('alga build')) return [];
  const absent = hasHandler ? BUILD_TOOLS.filter(tool => !names.includes(tool)) : [];
  return [
    finding({
      code: 'project.alga-build-script',
      severity: 'info',
      message:
        'The build script calls the official command line; the workbench builds with its own pipeline instead.',
      source,
      offset: offsetOf(source.text, ['scripts', 'build']),
      help: 'Nothing to do. `prebuild` and `postbuild` scripts are not run; a build script that does not call `alga build` is.',
    }),
    ...(absent.length === 0 ? [] : [missingTools(source, absent)]),
  ];
}

function missingTools(source: SourceFile, absent: readonly string[]): Finding {
  return finding({
    code: 'project.missing-build-tools',
    severity: 'info',
    message: `\`alga build\` needs ${absent.join(', ')}, which package.json does not ask for.`,
    source,
    offset: offsetOf(source.text, ['scripts', 'build']),
    help: 'The workbench builds without them. For the official command line add them to devDependencies; without @bytecodealliance/jco, `npx jco` fetches an unrelated package.',
  });
}
