/** What a static host has to be told of the published files, in the words of each. */
import { listFile, type Addresses } from '../addresses.ts'

/** Of OPML, which has none that is registered. */
const listType = 'text/x-opml'

/** How each file is to be answered; `published.ts` of our own server says the same. */
const files = [
  { name: 'rss.xml', type: 'application/rss+xml' },
  { name: 'atom.xml', type: 'application/atom+xml' },
  { name: 'feed.json', type: 'application/feed+json' },
] as const

const cacheControl = 'public, max-age=300'

export interface Hosted {
  addresses: Addresses
  /** All that are published. */
  feeds: { id: string; was?: string[]; retired?: boolean }[]
  /** Former ids: the id of a feed, or an address; one that ends in a slash stands for a folder with the same files. */
  moved: Record<string, string>
}

/** `_headers` for Netlify and Cloudflare Pages; to lie at the root of what they serve. */
export function headersFile({ addresses }: Hosted): string {
  const base = pathOf(addresses)
  // One pattern for a feed's own file and the pages of its archive: where two match, hosts send a header twice.
  const rules = files.map(({ name, type }) =>
    rule(`${base}*${name === 'feed.json' ? '.json' : name}`, `${type}; charset=utf-8`, cacheControl),
  )
  const list = rule(`${base}${listFile}`, `${listType}; charset=utf-8`, cacheControl)
  const media = rule(`${base}media/*`, undefined, 'public, max-age=31536000, immutable')
  return `# Written by Broadsheet: how a static host answers for these files.\n${[...rules, list, media].join('')}`
}

function rule(path: string, type: string | undefined, cache: string): string {
  const headers = [
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    `Cache-Control: ${cache}`,
    'Access-Control-Allow-Origin: *',
    'Cross-Origin-Resource-Policy: cross-origin',
    'X-Content-Type-Options: nosniff',
  ]
  return `${path}\n${headers.map((header) => `  ${header}\n`).join('')}`
}

/** `_redirects` for Netlify and Cloudflare Pages. */
export function redirectsFile(hosted: Hosted): string {
  const lines = redirects(hosted).map(({ from, to, isFolder }) =>
    isFolder ? `${from}* ${to}:splat 301` : `${from}* ${to} 301`,
  )
  return ['# Written by Broadsheet: feeds that went elsewhere.', ...lines, ''].join('\n')
}

/** Directives for the `server` block of nginx; `directory` is the folder of feeds on its disk. */
export function nginxConfig(hosted: Hosted, directory: string): string {
  const base = pathOf(hosted.addresses)
  const start = `^${escapeRegex(base)}`
  const gone = retired(hosted).map((path) => `location ^~ ${path} { return 410; }\n`)
  const moved = redirects(hosted).map(({ from, to, isFolder }) => {
    const act = isFolder ? `rewrite ^${escapeRegex(from)}(.*)$ ${to}$1 permanent;` : `return 301 ${to};`
    return `location ^~ ${from} { ${act} }\n`
  })
  const typed = files.map(({ name, type }) => {
    const lines = [`default_type "${type}; charset=utf-8";`, 'types { }', ...nginxLines(cacheControl)]
    return block(`location ~ ${start}(.+/${ending(name)})$`, [`alias ${quoted(`${folder(directory)}$1`)};`, ...lines])
  })
  const media = block(`location ^~ ${base}media/`, [
    `alias ${quoted(`${folder(directory)}media/`)};`,
    ...nginxLines('public, max-age=31536000, immutable'),
  ])
  const list = block(`location = ${base}${listFile}`, [
    `alias ${quoted(`${folder(directory)}${listFile}`)};`,
    `default_type "${listType}; charset=utf-8";`,
    'types { }',
    ...nginxLines(cacheControl),
  ])
  const rest = block(`location ${base}`, [
    `alias ${quoted(folder(directory))};`,
    'index index.html;',
    'gzip_static on;',
  ])
  const all = [...gone, ...moved, ...typed, list, media, rest]
  return `# Written by Broadsheet: for the server block of ${new URL(hosted.addresses.publish).host}.\n${all.join('')}`
}

function nginxLines(cache: string): string[] {
  const headers = ['Access-Control-Allow-Origin *', 'X-Content-Type-Options nosniff', 'Vary Accept-Encoding']
  return [
    'gzip_static on; # and brotli_static on; zstd_static on; where nginx has these modules',
    `add_header Cache-Control "${cache}" always;`,
    ...headers.map((header) => `add_header ${header} always;`),
  ]
}

function block(head: string, lines: string[]): string {
  return `${head} {\n${lines.map((line) => `    ${line}\n`).join('')}}\n`
}

/** A site for a Caddyfile (Caddy 2). */
export function caddyConfig(hosted: Hosted, directory: string): string {
  const base = pathOf(hosted.addresses)
  const { origin } = new URL(hosted.addresses.publish)
  const gone = retired(hosted).map((path) => `respond ${path}* 410`)
  const moved = redirects(hosted).flatMap(({ from, to, isFolder }, at) =>
    isFolder
      ? [
          `@moved${at} path_regexp moved${at} ^${escapeRegex(from)}(.*)$`,
          `redir @moved${at} ${to}{re.moved${at}.1} 301`,
        ]
      : [`redir ${from}* ${to} 301`],
  )
  const typed = files.flatMap(({ name, type }, at) => [
    `@feed${at} path_regexp ^${escapeRegex(base)}.+/${ending(name)}$`,
    `header @feed${at} Content-Type "${type}; charset=utf-8"`,
    `header @feed${at} Cache-Control "${cacheControl}"`,
  ])
  const served = [`root * ${quoted(folder(directory))}`, 'file_server {', '\tprecompressed zstd br gzip', '}']
  const all = [
    ...[...gone, ...moved, ...typed],
    `header ${base}${listFile} Content-Type "${listType}; charset=utf-8"`,
    `header ${base}media/* Cache-Control "public, max-age=31536000, immutable"`,
    `header ${base}* Access-Control-Allow-Origin *`,
    `header ${base}* X-Content-Type-Options nosniff`,
    ...(base === '/' ? served : [`handle_path ${base}* {`, ...served.map((line) => `\t${line}`), '}']),
  ]
  // In `route` the order written is the order taken; elsewhere Caddy has its own.
  return `# Written by Broadsheet.\n${origin} {\n\troute {\n${all.map((line) => `\t\t${line}\n`).join('')}\t}\n}\n`
}

/** The name of a feed's file, and of the same in an archive, as a regular expression. */
function ending(name: (typeof files)[number]['name']): string {
  return `(?:${escapeRegex(name)}|archive/[0-9]+\\.${name === 'feed.json' ? 'json' : escapeRegex(name)})`
}

function retired({ addresses, feeds }: Hosted): string[] {
  return feeds.filter((feed) => feed.retired === true).map(({ id }) => `${pathOf(addresses)}${id}/`)
}

function redirects({ addresses, feeds, moved }: Hosted): { from: string; to: string; isFolder: boolean }[] {
  const base = pathOf(addresses)
  const former = feeds.flatMap(({ id, was = [] }) => was.map((old) => [old, id] as const))
  return [...former, ...Object.entries(moved)].map(([id, to]) => {
    const isOurs = !to.includes(':')
    return { from: `${base}${id}/`, to: isOurs ? `${base}${to}/` : to, isFolder: isOurs || to.endsWith('/') }
  })
}

/** The path under which the folder of feeds is seen; begins and ends with a slash. */
function pathOf({ publish }: Addresses): string {
  return URL.parse(publish)?.pathname ?? '/'
}

function folder(directory: string): string {
  return directory.endsWith('/') ? directory : `${directory}/`
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
