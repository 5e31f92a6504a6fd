/** Collects the folder `articles` of argv[2] into the database argv[3], as a process of its own. */
import { join } from 'node:path'
import { publicAddresses } from '../src/addresses.ts'
import { collect } from '../src/collect.ts'
import { openLog } from '../src/log.ts'
import { parseHere } from '../src/parse-here.ts'
import { sourceOptions } from '../src/sources/index.ts'
import { openDatabase } from '../src/store/database.ts'
import { noFetch } from './sites.ts'

const [, , root = '', database = ''] = process.argv
const store = await openDatabase(database)
const { sources, faults } = await collect({
  db: store.db,
  root,
  addresses: publicAddresses('https://news.gazette.example/'),
  publishDirectory: join(root, 'feeds'),
  sources: [sourceOptions.parse({ id: 'desk', kind: 'folder', path: 'articles' })],
  fetch: noFetch,
  parse: parseHere,
  now: () => new Date(),
  log: openLog('silent', false),
})
await store.close()
process.stdout.write(JSON.stringify({ ...sources[0], faults: faults.length }))
