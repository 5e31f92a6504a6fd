/** Mail servers for tests: one that follows a script, to break at any instant, and one that takes everything. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { type Message } from '../../src/contracts.ts'
import { type Server } from '../../src/mail/options.ts'

/** What the script has the server do at one step: say it, say it and hang up; `drop` hangs up, `silence` does nothing. */
export type Act = string | { say: string; then: 'drop'; half?: true }

export type Step =
  'greeting' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'body' | 'dot' | 'RSET' | 'QUIT'

/** By step: one act for always, or one for each time, the last one for all later times. */
export type Script = Partial<Record<Step, Act | Act[]>>

export interface Scripted {
  port: number
  /** Each step as it came, such as `RCPT TO:<ada@reader.example>`. */
  seen: string[]
  /** To whom a whole message came, final dot and all. */
  taken: string[]
  connections(): number
  /** Hangs up on everyone. */
  drop(): void
  close(): Promise<void>
}

const usual: Record<Step, Act> = {
  greeting: '220 test ESMTP',
  EHLO: '250-test\r\n250-8BITMIME\r\n250 SIZE 50000000',
  STARTTLS: '454 no TLS here',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  body: '',
  dot: '250 2.0.0 Ok: queued as 4XyZ12',
  RSET: '250 2.0.0 ok',
  QUIT: { say: '221 bye', then: 'drop' },
}

/** A server on a free port that follows `script`, and is an ordinary one where that is silent. */
export async function scripted(script: Script = {}): Promise<Scripted> {
  const times: Partial<Record<Step, number>> = {}
  const seen: string[] = []
  const taken: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const next = (step: Step): Act => {
    const acts = script[step] ?? usual[step]
    const time = times[step] ?? 0
    times[step] = time + 1
    return Array.isArray(acts) ? (acts[Math.min(time, acts.length - 1)] ?? usual[step]) : acts
  }
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    socket.setEncoding('latin1')
    let pending = ''
    let inBody = false
    let recipient: string | undefined
    const act = (step: Step): string => {
      const what = next(step)
      if (what === 'drop') socket.destroy()
      else if (typeof what === 'object') socket.end(what.half ? what.say : `${what.say}\r\n`, () => socket.destroy())
      else if (what !== 'silence' && what !== '') socket.write(`${what}\r\n`)
      return typeof what === 'string' ? what : what.say
    }
    act('greeting')
    socket.on('data', (text: string) => {
      pending += text
      for (;;) {
        if (inBody) {
          if (script.body !== undefined) act('body')
          const end = pending.indexOf('\r\n.\r\n')
          if (end < 0 || socket.destroyed) {
            pending = pending.slice(-4)
            return
          }
          pending = pending.slice(end + 5)
          inBody = false
          seen.push('.')
          taken.push(recipient ?? '')
          act('dot')
          continue
        }
        const end = pending.indexOf('\r\n')
        if (end < 0 || socket.destroyed) return
        const line = pending.slice(0, end)
        pending = pending.slice(end + 2)
        seen.push(line)
        const step = line.split(' ')[0]!.toUpperCase().replace('HELO', 'EHLO') as Step
        if (step === 'DATA' && recipient === undefined) {
          socket.write('554 5.5.1 no valid recipients\r\n')
          continue
        }
        const did = act(step)
        if (step === 'MAIL' || step === 'RSET') recipient = undefined
        if (step === 'RCPT' && did.startsWith('2')) recipient = /<(.*)>/.exec(line)?.[1] ?? ''
        inBody = step === 'DATA' && did.startsWith('354')
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    taken,
    connections: () => connections,
    drop,
    async close() {
      drop()
      server.close()
      await once(server, 'close')
    },
  }
}

/** How a client is told of a server on this machine. */
export function at(port: number, changes: Partial<Server> = {}): Server {
  return { host: '127.0.0.1', port, tls: 'offered', verifies: false, ...changes }
}

export interface Taking {
  port: number
  /** Message-ID of each message that was taken, as often as it was. */
  ids: string[]
  mails: { to: string; raw: string }[]
  close(): Promise<void>
}

/** The real `smtp-server`, which takes every message; `options` change it. */
export async function taking(options: SMTPServerOptions = {}): Promise<Taking> {
  const ids: string[] = []
  const mails: { to: string; raw: string }[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData(stream, session, done) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        const raw = Buffer.concat(pieces).toString('latin1')
        ids.push(/^Message-ID: (\S+)/im.exec(raw)?.[1] ?? '')
        mails.push({ to: session.envelope.rcptTo[0]?.address ?? '', raw })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    ids,
    mails,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

export function message(id: string, to = `${id}@reader.example`, changes: Partial<Message> = {}): Message {
  return {
    envelope: { from: 'daily@gazette.example', to },
    messageId: `<${id}@gazette.example>`,
    date: new Date(Date.UTC(2026, 6, 14, 7)),
    from: 'The Gazette <daily@gazette.example>',
    to,
    subject: 'Ferry back on Monday',
    html: '<p>It sails.</p>',
    text: 'It sails.',
    headers: [],
    ...changes,
  }
}
