/** One connection to a mail server: opened, logged in, and handing over one message after another. */
import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { describe, Failure } from '../failures.ts'
import { type Message } from '../contracts.ts'
import { type Server } from './options.ts'
import { tidyReply, type Attempt, type Stage } from './outcome.ts'

/** How long each thing may take. */
export interface Timeouts {
  /** From the first packet to the end of the login. */
  openMs: number
  /** For each answer. */
  replyMs: number
  /** For one message; less than a delivery stays `sending` before it counts as left behind. */
  messageMs: number
}

/** RFC 5321, section 4.5.3.2, asks for patience: 5 minutes for a command, 10 after the final dot. */
export const patience: Timeouts = { openMs: 60_000, replyMs: 600_000, messageMs: 660_000 }

export interface SessionNeeds {
  /** What this machine calls itself in EHLO; without it its own name. */
  name?: string | undefined
  /** Certificates to trust beside those of the system, as PEM. */
  ca?: string | undefined
  timeouts: Timeouts
}

/** An open connection. */
export interface Session {
  readonly isOpen: boolean
  /** Messages it has handed over, or tried to. */
  readonly used: number
  readonly isEncrypted: boolean
  send(envelope: Message['envelope'], bytes: Uint8Array): Promise<Attempt>
  /** Cuts it off at once; a message in the air ends as far as it had come. */
  cut(reason: string): void
  /** Says goodbye. */
  quit(): Promise<void>
}

/** Pieces in which a body is written. The last is followed by nothing until the socket wants more. */
const pieceBytes = 16 * 1024

const goodbyeMs = 1000

/** Opens a connection. Throws Failure `mail.transport` with the step at which it failed, and the server's words. */
export async function openSession(id: string, server: Server, needs: SessionNeeds): Promise<Session> {
  const connection = new SMTPConnection(connectionOptions(server, needs))
  // What is wrong reaches whoever waits for an answer; an event that nobody hears would end the process.
  connection.on('error', () => undefined)
  try {
    await open(connection, server, needs.timeouts.openMs)
  } catch (thrown) {
    connection.close()
    const { step, reply } = stepOf(thrown)
    const host = `${server.host}:${server.port}`
    throw new Failure('mail.transport', { transport: id, server: host, at: step, reply }, thrown)
  }
  return sessionOf(connection, needs.timeouts)
}

function connectionOptions({ host, port, tls, verifies, login }: Server, { name, ca, timeouts }: SessionNeeds) {
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'off',
    // A login never goes on in clear text after STARTTLS failed.
    opportunisticTLS: tls === 'offered' && login === undefined,
    tls: { rejectUnauthorized: verifies, ...(ca !== undefined && { ca }) },
    name,
    connectionTimeout: timeouts.openMs,
    greetingTimeout: timeouts.openMs,
    dnsTimeout: timeouts.openMs,
    socketTimeout: timeouts.replyMs,
    // A machine whose only network is its own still finds `localhost`.
    allowInternalNetworkInterfaces: true,
    logger: false,
  }
}

/** Connects and logs in, each to its end or to the first error, in the time there is for all of it. */
function open(connection: SMTPConnection, { login }: Server, openMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      clearTimeout(timer)
      reject(error instanceof Error ? error : new Error(describe(error)))
    }
    const timer = setTimeout(() => fail(new Error('it took too long')), openMs)
    const ready = () => {
      clearTimeout(timer)
      resolve()
    }
    connection.once('error', fail)
    // The reason, where there is one, is told in the same breath as the end.
    connection.once('end', () => setImmediate(fail, new Error('the server closed the connection')))
    connection.connect((error) => {
      if (error) fail(error)
      else if (login === undefined) ready()
      else if (!connection.allowsAuth) fail(new Error('the server offers no login'))
      else
        connection.login({ user: login.user, pass: login.password }, (refused) => {
          if (refused) fail(refused)
          else ready()
        })
    })
  })
}

function sessionOf(connection: SMTPConnection, { messageMs }: Timeouts): Session {
  let used = 0
  let cutOff: ((reason: string) => void) | undefined
  // nodemailer forgets a message without a word when it finds the socket gone between two commands. Where it has words,
  // it says them in the same breath as the end.
  connection.once('end', () => setImmediate(() => cutOff?.('the connection was lost')))
  return {
    get isOpen() {
      return !connection.destroyed
    },
    get used() {
      return used
    },
    get isEncrypted() {
      return connection.secure
    },
    async send({ from, to }, bytes) {
      used += 1
      const attempt = await new Promise<Attempt>((resolve) => {
        const body = bodyOf(bytes)
        const end = (rest: Omit<Attempt, 'stage'>) => {
          clearTimeout(timer)
          cutOff = undefined
          resolve({ stage: body.stage(), ...rest })
        }
        cutOff = (reason) => {
          end({ error: reason })
          connection.close()
        }
        const timer = setTimeout(() => cutOff?.('the server took too long over the message'), messageMs)
        connection.send({ from, to, size: bytes.length }, body.stream, (error, info) => {
          if (error) end(answerOf(error))
          else end({ command: 'DATA', reply: info.response })
        })
      })
      if (!(await isReusable(connection, attempt))) connection.close()
      return attempt
    },
    cut(reason) {
      cutOff?.(reason)
      connection.close()
    },
    quit: () =>
      new Promise((resolve) => {
        if (connection.destroyed) {
          resolve()
          return
        }
        const timer = setTimeout(() => connection.close(), goodbyeMs)
        connection.once('end', () => {
          clearTimeout(timer)
          resolve()
        })
        connection.quit()
      }),
  }
}

/**
 * A message as a stream that knows how much of it was asked for. It ends only when more is wanted after its last piece:
 * until then nodemailer cannot have written the final dot, and a lost connection has lost the message for certain.
 */
function bodyOf(bytes: Uint8Array): { stream: Readable; stage: () => Stage } {
  let stage: Stage = 'envelope'
  let sent = 0
  const stream = new Readable({
    highWaterMark: 1,
    read() {
      // nodemailer reads nothing before the server has said 354.
      if (sent >= bytes.length) {
        stage = 'handed'
        stream.push(null)
        return
      }
      stage = 'body'
      stream.push(bytes.subarray(sent, sent + pieceBytes))
      sent += pieceBytes
    },
  })
  return { stream, stage: () => stage }
}

type SendError = Error & { code?: string; command?: string; response?: string | false }

function answerOf(thrown: Error): Omit<Attempt, 'stage'> {
  const { code, command, response, message } = thrown as SendError
  const isOurs = typeof response !== 'string'
  return {
    command,
    error: message,
    ...(!isOurs && { reply: response }),
    ...(isOurs && code === 'EENVELOPE' && { ours: 'address' as const }),
    ...(isOurs && code === 'EMESSAGE' && { ours: 'size' as const }),
  }
}

/** After an answer the connection is good for the next message; after a refusal, once RSET has been answered. */
async function isReusable(connection: SMTPConnection, { stage, reply }: Attempt): Promise<boolean> {
  const isInStep = stage === 'envelope' || (stage === 'handed' && /^[245]\d\d/.test(reply ?? ''))
  if (connection.destroyed || !isInStep) return false
  if (stage === 'handed' && reply?.startsWith('2')) return true
  return new Promise((resolve) => {
    const lost = () => resolve(false)
    connection.once('end', lost)
    connection.reset((error) => {
      connection.off('end', lost)
      resolve(!error)
    })
  })
}

/** At which step opening failed, in words for a person, and what was said. */
function stepOf(thrown: unknown): { step: string; reply: string } {
  const { code, command, response } = thrown as SendError
  const reply = tidyReply(typeof response === 'string' ? response : describe(thrown))
  if (code === 'EDNS') return { step: 'looking up its name', reply }
  if (code === 'EAUTH' || command?.startsWith('AUTH') === true) return { step: 'logging in', reply }
  if (code === 'ETLS' || /certificate|TLS|SSL/.test(describe(thrown))) return { step: 'encrypting (TLS)', reply }
  return { step: typeof response === 'string' ? 'greeting' : 'connecting', reply }
}
