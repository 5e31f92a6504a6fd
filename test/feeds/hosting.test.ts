import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { request, type IncomingMessage } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { publicAddresses } from '../../src/addresses.ts'
import { caddyConfig, headersFile, nginxConfig, redirectsFile, type Hosted } from '../../src/feeds/hosting.ts'
import { makeFolder, skipLoudly } from '../folders.ts'

const rss = '<rss version="2.0"><channel><title>Häfen</title></channel></rss>'.repeat(20)

const hosted = (publishUrl: string): Hosted => ({
  addresses: publicAddresses('https://news.gazette.example/', publishUrl),
  feeds: [
    { id: 'all', was: ['everything'] },
    { id: 'quiz', retired: true },
  ],
  moved: { wire: 'https://wire.example/feeds/', tide: 'https://tide.example/rss', harbour: 'all' },
})

describe('feeds/hosting', () => {
  it('writes _headers with one rule a file, and none that another would repeat', () => {
    const text = headersFile(hosted('https://feeds.gazette.example/'))
    const rules = text.match(/^\/\S+$/gm) ?? []
    for (const path of [
      '/all/rss.xml',
      '/all/archive/3.rss.xml',
      '/all/atom.xml',
      '/all/feed.json',
      '/all/archive/2.json',
      '/media/a.png',
    ]) {
      const matching = rules.filter((rule) =>
        new RegExp(`^${rule.replaceAll('.', '\\.').replace('*', '.*')}$`).test(path),
      )
      assert.equal(matching.length, 1, path)
    }
    assert.match(text, /\/\*atom\.xml\n {2}Content-Type: application\/atom\+xml; charset=utf-8\n/)
  })

  it('writes _redirects for renamed and moved feeds', () => {
    assert.deepEqual(redirectsFile(hosted('https://gazette.example/feeds/')).split('\n').slice(1), [
      '/feeds/everything/* /feeds/all/:splat 301',
      '/feeds/wire/* https://wire.example/feeds/:splat 301',
      '/feeds/tide/* https://tide.example/rss 301',
      '/feeds/harbour/* /feeds/all/:splat 301',
      '',
    ]) // prettier-ignore
  })

  for (const [name, start] of [
    ['nginx', startNginx],
    ['caddy', startCaddy],
  ] as const) {
    for (const base of ['/', '/feeds/', '/press/rss/']) {
      it(`has ${name} answer as it should below ${base}`, async function () {
        this.timeout(120_000)
        if (!isInstalled(name)) return skipLoudly(this, `${name} is not installed`)
        const folder = await makeFolder({
          'feeds/all/rss.xml': rss,
          'feeds/all/rss.xml.gz': gzipSync(rss, { level: 9 }),
          'feeds/all/atom.xml': '<feed/>',
          'feeds/all/feed.json': '{}',
          'feeds/all/index.html': '<p>people</p>',
          'feeds/all/archive/1.rss.xml': rss,
          'feeds/all/archive/1.json': '{}',
          'feeds/quiz/rss.xml': rss,
          'feeds/media/a.png': 'png',
        })
        for (const path of ['', 'feeds', 'feeds/all', 'feeds/all/archive', 'feeds/media'])
          await chmod(join(folder, path), 0o755)
        const { server, port } = await onFreePort((free) =>
          start(folder, hosted(`http://localhost:${free}${base}`), free),
        )
        try {
          const ask = (path: string, headers = {}) =>
            fetch(`http://localhost:${port}${base}${path}`, {
              redirect: 'manual',
              headers: { 'Accept-Encoding': 'identity', ...headers },
            })
          for (const [path, type] of [
            ['all/rss.xml', 'application/rss+xml; charset=utf-8'],
            ['all/atom.xml', 'application/atom+xml; charset=utf-8'],
            ['all/feed.json', 'application/feed+json; charset=utf-8'],
            ['all/archive/1.rss.xml', 'application/rss+xml; charset=utf-8'],
            ['all/archive/1.json', 'application/feed+json; charset=utf-8'],
          ] as const) {
            const { status, headers } = await ask(path)
            assert.deepEqual([path, status, headers.get('content-type')], [path, 200, type])
            assert.deepEqual(
              [headers.get('cache-control'), headers.get('access-control-allow-origin')],
              ['public, max-age=300', '*'],
            )
          }
          const plain = await ask('all/rss.xml')
          assert.equal(await plain.text(), rss)
          const validators = { 'If-None-Match': plain.headers.get('etag') ?? '' }
          assert.equal((await ask('all/rss.xml', validators)).status, 304)
          const packed = await raw(port, `${base}all/rss.xml`)
          assert.equal(packed.coding, 'gzip')
          assert.equal(gunzipSync(packed.body).toString(), rss)
          assert.match(await (await ask('all/')).text(), /people/)
          assert.match((await ask('media/a.png')).headers.get('cache-control') ?? '', /immutable/)
          assert.equal((await ask('quiz/rss.xml')).status, 410)
          for (const [path, to] of [
            ['everything/atom.xml', `${base}all/atom.xml`],
            ['wire/rss.xml', 'https://wire.example/feeds/rss.xml'],
            ['tide/rss.xml', 'https://tide.example/rss'],
          ] as const) {
            const { status, headers } = await ask(path)
            const place = new URL(headers.get('location') ?? '', `http://localhost:${port}/`)
            assert.deepEqual([path, status, place.href], [path, 301, new URL(to, `http://localhost:${port}/`).href])
          }
          assert.equal((await ask('all/secret.txt')).status, 404)
        } finally {
          server.kill('SIGKILL')
          await once(server, 'close')
          await rm(folder, { recursive: true })
        }
      })
    }
  }
})

function isInstalled(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`])
    return true
  } catch {
    return false
  }
}

async function startNginx(folder: string, what: Hosted, port: number): Promise<ChildProcess> {
  const config = join(folder, 'nginx.conf')
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${folder}/${one};`)
  await writeFile(
    config,
    `pid ${folder}/pid; error_log stderr; worker_processes 1; user root; events {}\n` +
      `http { access_log off; ${paths.join(' ')} server { listen 127.0.0.1:${port}; server_name localhost;\n${nginxConfig(what, join(folder, 'feeds'))} } }`,
  )
  return await started(spawn('nginx', ['-c', config, '-p', folder, '-g', 'daemon off;'], { stdio: 'ignore' }), port)
}

async function startCaddy(folder: string, what: Hosted, port: number): Promise<ChildProcess> {
  const config = join(folder, 'Caddyfile')
  await writeFile(config, `{\n\tadmin off\n\tauto_https off\n}\n${caddyConfig(what, join(folder, 'feeds'))}`)
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  return await started(
    spawn('caddy', ['run', '--config', config, '--adapter', 'caddyfile'], { stdio: 'ignore', env }),
    port,
  )
}

/** Waits until it answers, or has ended. */
async function started(server: ChildProcess, port: number): Promise<ChildProcess> {
  const ended = once(server, 'close')
  for (;;) {
    const answer = await Promise.race([fetch(`http://localhost:${port}/`).catch(() => undefined), ended])
    if (Array.isArray(answer)) throw new Error(`the web server ended: ${answer.join()}`)
    if (answer !== undefined) return server
  }
}

/** Tries another port where somebody took the free one before the server did. */
async function onFreePort(
  start: (port: number) => Promise<ChildProcess>,
  tries = 5,
): Promise<{ port: number; server: ChildProcess }> {
  const port = await freePort()
  try {
    return { port, server: await start(port) }
  } catch (thrown) {
    if (tries === 1) throw thrown
    return await onFreePort(start, tries - 1)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** An answer that nobody has unpacked on the way. */
async function raw(port: number, path: string): Promise<{ coding: string | undefined; body: Buffer }> {
  const asked = request({ port, path, headers: { 'Accept-Encoding': 'gzip' }, agent: false }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const body = Buffer.concat((await response.toArray()) as Buffer[])
  return { coding: response.headers['content-encoding'], body }
}
