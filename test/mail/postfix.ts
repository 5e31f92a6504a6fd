/** Postfix from Debian, started for a test with a configuration, a queue and a port of its own. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const program = '/usr/sbin/postfix'

/** Why Postfix cannot be started here, or undefined when it can. */
export function lacksPostfix(): string | undefined {
  if (!existsSync(program)) return `${program} is not here (scripts/install-postfix.sh installs it on Debian)`
  if (process.getuid?.() !== 0) return 'only root can start Postfix'
  return undefined
}

export interface Postfix {
  port: number
  /** What was delivered, whole, each mail as it lies in the mailbox. */
  delivered(): Promise<string[]>
  log(): Promise<string>
  stop(): Promise<void>
}

/**
 * Starts it: mail for anyone at reader.example goes into one Maildir, `access` says which recipients are answered otherwise
 * (`gone@reader.example 550 5.1.1 no such user`), and mail to anywhere else is not relayed.
 */
export async function startPostfix(access: string[]): Promise<Postfix> {
  const root = await mkdtemp(join(tmpdir(), 'broadsheet-postfix-'))
  // Its processes run as other users, who must find their way in.
  await chmod(root, 0o755)
  const at = (name: string) => join(root, name)
  for (const name of ['conf', 'queue', 'data', 'mail']) await mkdir(at(name))
  await run('chown', ['postfix', at('data')])
  await run('chown', ['nobody', at('mail')])
  const port = await freePort()
  const { stdout: nobody } = await run('id', ['-u', 'nobody'])
  const settings = {
    compatibility_level: '3.6',
    queue_directory: at('queue'),
    data_directory: at('data'),
    mail_owner: 'postfix',
    setgid_group: 'postdrop',
    command_directory: '/usr/sbin',
    daemon_directory: '/usr/lib/postfix/sbin',
    maillog_file: at('mail.log'),
    maillog_file_prefixes: root,
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    myhostname: 'relay.test.example',
    mydestination: '',
    mynetworks: '',
    alias_maps: '',
    local_recipient_maps: '',
    smtpd_recipient_restrictions: `check_recipient_access texthash:${at('conf/access')}, reject_unauth_destination`,
    smtpd_peername_lookup: 'no',
    virtual_mailbox_domains: 'reader.example',
    virtual_mailbox_base: at('mail'),
    virtual_mailbox_maps: 'static:all/',
    virtual_minimum_uid: '1',
    virtual_uid_maps: `static:${nobody.trim()}`,
    virtual_gid_maps: `static:${nobody.trim()}`,
  }
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'virtual unix - n n - - virtual',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'postlog unix-dgram n - n - 1 postlogd',
  ]
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  await writeFile(at('conf/main.cf'), `${lines.join('\n')}\n`)
  await writeFile(at('conf/master.cf'), `${services.join('\n')}\n`)
  await writeFile(at('conf/access'), `${access.join('\n')}\n`)
  const log = () => readFile(at('mail.log'), 'utf8').catch(() => '')
  try {
    await run(program, ['-c', at('conf'), 'start'])
    await untilItListens(port)
  } catch (error) {
    throw new Error(`Postfix did not start:\n${await log()}`, { cause: error })
  }
  return {
    port,
    log,
    async delivered() {
      const folder = at('mail/all/new')
      const names = await readdir(folder).catch(() => [])
      return Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')))
    },
    async stop() {
      await run(program, ['-c', at('conf'), 'stop'])
      await rm(root, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function untilItListens(port: number): Promise<void> {
  for (const until = performance.now() + 10_000; ;) {
    const answers = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => resolve(false))
      socket.on('data', () => {
        socket.end('QUIT\r\n')
        resolve(true)
      })
    })
    if (answers) return
    if (performance.now() > until) throw new Error(`nothing listens on port ${port}`)
  }
}
