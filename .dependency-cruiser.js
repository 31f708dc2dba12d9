// The house: who may import whom, through doors only (docs/architecture.md). Every room's door is its index.ts.
const DATA = ['contract'];

/** Room → rooms it may import; what is not listed is forbidden. */
const ROOMS = {
  contract: [],
  'main/project': DATA,
  'main/manifest': DATA,
  'main/build': [...DATA, 'main/project', 'main/manifest', 'main/bundle'],
  'main/bundle': [...DATA, 'main/manifest'],
  'main/store': DATA,
  'main/registry': [...DATA, 'main/store', 'main/bundle', 'main/manifest'],
  'main/runner': DATA,
  'main/capabilities': [...DATA, 'main/store', 'main/registry'],
  'main/traffic': [...DATA, 'main/store'],
  // What the gateway and the runner's port have in common.
  'main/hosting': DATA,
  'main/gateway': [
    ...DATA,
    'main/hosting',
    'main/registry',
    'main/runner',
    'main/capabilities',
    'main/traffic',
    'main/manifest',
  ],
  'main/runner-server': [
    ...DATA,
    'main/hosting',
    'main/runner',
    'main/capabilities',
    'main/bundle',
    'main/manifest',
  ],
  'main/secrets': DATA,
  // Runs projects' own Vite, in processes of its own.
  'main/page-server': [...DATA, 'main/project', 'main/build'],
  'main/workspace': [
    ...DATA,
    'main/project',
    'main/manifest',
    'main/build',
    'main/page-server',
    'main/registry',
    'main/runner',
  ],
  // The composition root: the only room that knows every other.
  'main/services': [
    ...DATA,
    'main/build',
    'main/bundle',
    'main/manifest',
    'main/project',
    'main/store',
    'main/secrets',
    'main/registry',
    'main/runner',
    'main/capabilities',
    'main/traffic',
    'main/hosting',
    'main/gateway',
    'main/page-server',
    'main/runner-server',
    'main/workspace',
  ],
  'main/app': [...DATA, 'main/services'],
  'main/cli': [...DATA, 'main/services'],
  preload: DATA,
  'renderer/app': DATA,
  'renderer/host': DATA,
};

const escape = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const inside = room => `^${escape(room)}${room.endsWith('.ts') ? '$' : '/'}`;
const doors = rooms =>
  rooms.map(room => (room.endsWith('.ts') ? `^${escape(room)}$` : `^${escape(room)}/index\\.ts$`));

const roomRules = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `room ${room}`,
  severity: 'error',
  comment: `${room} may import: ${allowed.join(', ') || 'nothing of ours'}; other rooms only through their index.ts.`,
  // The kits of tests may use other rooms' kits, as tests do.
  from: { path: inside(room), pathNot: '(\\.test|/test-kit|\\.testing)\\.tsx?$' },
  to: {
    path: '^(contract|main|preload|renderer|native|tests|bench|scripts|templates)/',
    pathNot: [inside(room), ...doors(allowed), ...(room === 'main/runner' ? ['^native/binding/'] : [])],
  },
}));

const only = (name, what, who) => ({
  name,
  severity: 'error',
  from: { path: '^(contract|main|preload|renderer)/', pathNot: who },
  to: { path: what },
});

export default {
  forbidden: [
    ...roomRules,
    only(
      'only main/app and preload import electron',
      '^(node_modules/)?electron(/|$)',
      '^(main/app|preload)/',
    ),
    only('only main/runner imports the native addon', '^native/', '^main/runner/'),
    {
      name: 'no cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'every file lives in a room',
      severity: 'error',
      from: {
        path: '^main/',
        pathNot: [...Object.keys(ROOMS).map(inside), '\\.test\\.ts$'],
      },
      to: {},
    },
    {
      name: 'pages import no Node',
      severity: 'error',
      from: { path: '^(renderer|contract)/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
