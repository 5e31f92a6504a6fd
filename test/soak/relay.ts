/** A mail server that fails in every way, and an operator's webhook that is down at times. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, type Socket } from 'node:net'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { type Chance } from './chance.ts'

export interface Taken {
  to: string
  id: string
  raw: string
}

export interface SoakRelay {
  port: number
  weather: 'fine' | 'busy' | 'away' | 'picky'
  /** Every message whose end came, and which was not refused. */
  taken: Taken[]
  /** Messages of which the other side cannot know. */
  doubts: number
  /** Whether anything is made to fail. */
  isCalm: boolean
  /** Before each answer to RCPT TO. */
  asked?: ((to: string) => Promise<void>) | undefined
  /** When the end of a message has come, before the answer to it. */
  came?: (() => Promise<void>) | undefined
  close(): Promise<void>
}

const refusal = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

export async function openSoakRelay(chance: Chance): Promise<SoakRelay> {
  const sockets = new Map<number, Socket>()
  const times = new Map<string, number>()
  const relay: Omit<SoakRelay, 'port' | 'close'> = { weather: 'fine', taken: [], doubts: 0, isCalm: false }
  const drop = ({ remotePort }: SMTPServerSession) => sockets.get(remotePort)?.destroy()
  const lotOf = (to: string) => (relay.isCalm ? 1 : chance.draw('mail', to, times.get(to) ?? 0))

  const options: SMTPServerOptions = {
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(session, done) {
      if (relay.weather === 'away') drop(session)
      done(relay.weather === 'busy' ? refusal(421, '4.3.2 come back later') : null)
    },
    onMailFrom(_address, _session, done) {
      done(relay.weather === 'picky' ? refusal(451, '4.3.0 not now') : null)
    },
    onRcptTo({ address }, _session, done) {
      times.set(address, (times.get(address) ?? 0) + 1)
      const lot = lotOf(address)
      const answer = () =>
        done(lot < 0.05 ? refusal(450, '4.2.1 try again') : lot < 0.06 ? refusal(550, '5.1.1 no such mailbox') : null)
      void (relay.asked?.(address) ?? Promise.resolve()).then(answer)
    },
    onData(stream, session, done) {
      const to = session.envelope.rcptTo[0]?.address ?? ''
      const lot = lotOf(to)
      if (lot < 0.075) {
        relay.doubts += 1
        drop(session)
        return
      }
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        if (lot < 0.095) {
          done(refusal(lot < 0.09 ? 451 : 554, lot < 0.09 ? '4.3.0 later' : '5.7.1 no'))
          return
        }
        const raw = Buffer.concat(pieces).toString('latin1')
        relay.taken.push({ to, raw, id: /^Message-ID: (\S+)/im.exec(raw)?.[1] ?? '' })
        void (relay.came?.() ?? Promise.resolve()).then(() => {
          if (lot >= 0.11) {
            done()
            return
          }
          relay.doubts += 1
          drop(session)
        })
      })
    },
  }
  const server = new SMTPServer(options)
  server.on('error', () => undefined)
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0
    sockets.set(port, socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(port))
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return Object.assign(relay, {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  })
}

/** One alert as the operator heard of it. */
export interface Told {
  key: string
  code: string
  state: 'new' | 'still' | 'over'
  at: number
}

export interface SoakWebhook {
  url: string
  isDown: boolean
  told: Told[]
  close(): Promise<void>
}

export async function openSoakWebhook(now: () => number): Promise<SoakWebhook> {
  const hook = { isDown: false, told: [] as Told[] }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece))
    request.on('end', () => {
      if (!hook.isDown) {
        const { failures } = JSON.parse(body) as { failures: Omit<Told, 'at'>[] }
        hook.told.push(...failures.map(({ key, code, state }) => ({ key, code, state, at: now() })))
      }
      response.writeHead(hook.isDown ? 500 : 200).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(hook, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}
