// Who may import whom: the table of docs/architecture.md as rules, each with its reason. The folders of `src/` stand
// in one order; a folder imports only what stands before it, and of that only what its row names.

const pure = ['base', 'hl7', 'fhir', 'domain', 'translate'];

/** Folder → what it may import of `src/`, and why no more. */
const table = {
  base: [[], 'words every folder may use rest on nothing'],
  hl7: [['base'], 'HL7 v2 is a language; it knows no care, no FHIR and no database'],
  fhir: [['base'], 'FHIR is a language; it knows no care, no HL7 v2 and no database'],
  domain: [['base'], 'care coordination holds no HL7 or FHIR shapes'],
  translate: [['base', 'hl7', 'fhir', 'domain'], 'it turns one language into another and keeps nothing'],
  catalog: [pure, 'data that is not code is read and checked without a database'],
  store: [pure, 'SQL serves whoever asks; it does not decide what happens'],
  flow: [[...pure, 'catalog', 'store'], 'a use case knows no socket, request or timer'],
  ehr: [['base', 'fhir', 'flow'], 'an edge does not import an edge; it talks FHIR and calls use cases'],
  mllp: [['base', 'hl7', 'flow'], 'an edge does not import an edge; it frames messages and calls use cases'],
  drop: [['base', 'hl7', 'flow'], 'an edge does not import an edge; it takes files and calls use cases'],
  api: [['base', 'fhir', 'domain', 'catalog', 'store', 'flow'], 'an edge does not import an edge'],
  worker: [['base', 'flow'], 'an edge does not import an edge; it knows time, and calls use cases'],
  ui: [['base', 'fhir'], 'the browser gets data from the API only'],
};

const only = Object.entries(table).map(([folder, [may, reason]]) => ({
  name: `${folder}-imports-only-its-row`,
  comment: `src/${folder} may import ${may.length === 0 ? 'no other folder' : may.join(', ')}: ${reason}.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...may].join('|')})/` },
}));

const typesOnly = (folder, of, reason) => ({
  name: `${folder}-takes-types-of-${of.join('-')}`,
  comment: `src/${folder} may import only types of ${of.join(', ')}: ${reason}.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: `^src/(${of.join('|')})/`, dependencyTypesNot: ['type-only'] },
});

const filePlaces = [
  'catalog/',
  'drop/',
  'service/',
  'store/embedded/',
  'store/migrate\\.ts',
  'config\\.ts',
  'main\\.ts',
];

// biome-ignore lint/style/noDefaultExport: dependency-cruiser reads the default export.
export default {
  forbidden: [
    ...only,
    typesOnly('flow', ['catalog'], 'the catalogue is read once, at the start, and handed in'),
    typesOnly('ui', ['base', 'fhir'], 'server code does not run in the browser'),
    {
      name: 'no-cycles',
      comment: 'Files that import one another cannot be read, tested or moved alone.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'sql-in-store-only',
      comment: 'Every statement is in src/store, so locks, policies and indexes can be seen in one place.',
      severity: 'error',
      from: { path: '^src/(?!store/)' },
      to: { path: 'node_modules/(@types/)?pg/' },
    },
    {
      name: 'files-at-the-start-only',
      comment:
        'Files are read while starting, by the catalogue, the settings, the migrator and the embedded Postgres; later only those that a feed drops.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${filePlaces.join('|')})` },
      to: { path: '^(node:)?fs(/promises)?$' },
    },
    {
      name: 'pure-folders-compute',
      comment: 'Languages and rules touch no socket, file, process or timer, and await nothing.',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer|util|assert)$' },
    },
    {
      name: 'main-is-the-top',
      comment: 'main.ts and src/service build everything once; nothing is built from below.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts|service/)' },
      to: { path: '^src/(main\\.ts|service/)' },
    },
    {
      name: 'settings-are-handed-in',
      comment: 'Only main.ts and src/service read the settings; a folder is given the values it needs.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts|service/|config\\.ts)' },
      to: { path: '^src/config\\.ts$' },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports is dead, or reached in a way that nobody can see.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main\\.ts$', orphan: true },
      to: {},
    },
    {
      name: 'everything-resolves',
      comment: 'An import that leads nowhere hides what it would have led to.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-packages',
      comment: 'What the service imports must be among its dependencies; types vanish in the build.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
