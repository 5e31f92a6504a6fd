import tseslint from 'typescript-eslint'

// Imports point down (docs/architecture.md): what a folder may not know is refused here, folder by folder.
const top = ['main', 'cli', 'app', 'config']
const triggers = ['jobs', 'web']
const verbs = ['collect', 'publish', 'compose', 'deliver', 'announce', 'alert', 'upkeep']
const edges = ['sources', 'http', 'browser', 'store', 'mail', 'disk', 'alerts', 'isolation']
const nouns = ['articles', 'feeds', 'hub', 'newsletters', 'subscribers']
const ground = [
  'model',
  'contracts',
  'failures',
  'failure-table',
  'log',
  'addresses',
  'colour',
  'read-time',
  'times',
  'pager',
]

/** One rule: the files that match may not import any of these modules or folders of `src/`. */
const mayNotKnow = (files, names, from = '(\\.\\./|\\./)+') => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^${from}(${names.join('|')})(\\.ts$|/)`,
            message: 'Imports point down: see docs/architecture.md.',
          },
        ],
      },
    ],
  },
})

const siblings = (folder) => [...nouns, ...edges].filter((name) => name !== folder)

export default tseslint.config(
  { ignores: ['dist/', 'var/', 'feeds/', 'node_modules/', 'test/fixtures/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'The clock is an argument.' }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      'no-restricted-properties': 'off',
    },
  },
  mayNotKnow(
    ground.map((name) => `src/${name}.ts`),
    [...top, ...triggers, ...verbs, ...edges, ...nouns],
  ),
  ...[...nouns, ...edges].map((folder) =>
    // A file beside it may have the name of another folder: store/subscribers.ts.
    mayNotKnow([`src/${folder}/**/*.ts`], [...top, ...triggers, ...verbs, ...siblings(folder)], '(\\.\\./)+'),
  ),
  ...verbs.map((verb) => mayNotKnow([`src/${verb}.ts`], [...top, ...triggers, ...verbs])),
  ...triggers.map((folder) =>
    mayNotKnow([`src/${folder}/**/*.ts`], [...top, ...triggers.filter((name) => name !== folder)]),
  ),
)
