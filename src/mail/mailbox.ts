/** The built-in mailbox: every message becomes a file under `var/mail/`, and can be read back. */
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { type ParsedMail } from 'mailparser'
import { describe } from '../failures.ts'
import { type Message, type Outcome, type Transport } from '../contracts.ts'
import { toMime } from './message.ts'

/** A kept mail, as a list shows it. */
export interface MailSummary {
  /** Name of its file, without `.eml`. */
  id: string
  from: string
  to: string
  subject: string
  date?: Date
  bytes: number
}

/** A kept mail, opened. */
export interface Mail extends MailSummary {
  /** In their order, unfolded, encoded words as they stand. */
  headers: [name: string, value: string][]
  html?: string
  text?: string
  raw: Buffer
}

/** Dots are not among them, so no id leads out of the folder. */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,199}$/

/** More than any header block of ours; a list need not read pictures and bodies. */
const headerBytes = 32 * 1024

/** A transport that writes each message to `directory`, whole or not at all; a message sent again replaces its file. */
export function openMailbox(directory: string): Transport {
  return {
    id: 'mailbox',
    async send(message): Promise<Outcome> {
      const bytes = await toMime(message)
      const name = `${mailId(message)}.eml`
      try {
        await keep(directory, name, bytes)
        return { kind: 'submitted', reply: `kept as ${name}` }
      } catch (error) {
        // Nothing is there, or the whole file is there and the next attempt writes the same one: safe to repeat.
        return { kind: 'later', reply: describe(error) }
      }
    },
    close: () => Promise.resolve(),
  }
}

/** The name of a message's file without ending: its date, so that names sort by age, and its own id. */
export function mailId(message: Pick<Message, 'messageId' | 'date'>): string {
  const local = message.messageId.slice(1, message.messageId.lastIndexOf('@'))
  const plain = /^[a-z0-9-]{1,100}$/.test(local)
  const own = plain ? local : createHash('sha256').update(message.messageId).digest('hex').slice(0, 32)
  return `${message.date.toISOString().replace(/[-:.]/g, '')}-${own}`
}

/**
 * Up to `limit` kept mails, newest first; `before` continues behind the last one seen. Files that are no mails of
 * ours are passed over, and a folder that is not there is an empty one.
 */
export async function listMails(
  directory: string,
  options: { limit?: number; before?: string } = {},
): Promise<MailSummary[]> {
  const { limit = 200, before } = options
  const ids = (await mailIds(directory)).filter((id) => before === undefined || id < before)
  const mails: MailSummary[] = []
  for (const id of ids) {
    if (mails.length >= limit) break
    const summary = await readSummary(directory, id)
    if (summary !== undefined) mails.push(summary)
  }
  return mails
}

/** One kept mail; undefined when there is none of that id. */
export async function readMail(directory: string, id: string): Promise<Mail | undefined> {
  if (!idPattern.test(id)) return undefined
  const raw = await readFile(path.join(directory, `${id}.eml`)).catch(missing)
  if (raw === undefined) return undefined
  const parsed = await parse(raw)
  if (parsed === undefined) return undefined
  const headers = parsed.headerLines.map(({ line }): [string, string] => {
    const colon = line.indexOf(':')
    return [
      line.slice(0, colon),
      line
        .slice(colon + 1)
        .replace(/\r?\n(?=[ \t])/g, '')
        .trim(),
    ]
  })
  return {
    ...summarize(id, parsed, raw.length),
    headers,
    ...(typeof parsed.html === 'string' && { html: parsed.html }),
    ...(parsed.text !== undefined && { text: parsed.text }),
    raw,
  }
}

async function mailIds(directory: string): Promise<string[]> {
  const entries = (await readdir(directory, { withFileTypes: true }).catch(missing)) ?? []
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.eml'))
    .map((entry) => entry.name.slice(0, -'.eml'.length))
    .filter((id) => idPattern.test(id))
    .sort((a, b) => (a < b ? 1 : -1))
}

async function readSummary(directory: string, id: string): Promise<MailSummary | undefined> {
  // One file that was removed meanwhile, or may not be read, does not hide the others.
  const file = await open(path.join(directory, `${id}.eml`)).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0)
    const { size } = await file.stat()
    const start = buffer.subarray(0, bytesRead)
    const end = start.indexOf('\r\n\r\n')
    const parsed = end < 0 ? undefined : await parse(start.subarray(0, end + 4))
    return parsed && summarize(id, parsed, size)
  } finally {
    await file.close()
  }
}

/** Undefined for what is no mail: without a sender there is nothing to show. */
async function parse(bytes: Buffer): Promise<ParsedMail | undefined> {
  // Loaded by whoever reads mails back: sending does without it.
  const { simpleParser } = await import('mailparser')
  const parsed = await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true, checksumAlgo: false })
  return parsed.from === undefined ? undefined : parsed
}

function summarize(id: string, parsed: ParsedMail, bytes: number): MailSummary {
  const line = parsed.headerLines.find(({ key }) => key === 'date')?.line ?? ''
  // Read by ourselves: the parser answers an unreadable date with the present moment.
  const date = new Date(line.slice(line.indexOf(':') + 1))
  return {
    id,
    from: parsed.from?.text ?? '',
    to: [parsed.to ?? []]
      .flat()
      .map(({ text }) => text)
      .join(', '),
    subject: parsed.subject ?? '',
    ...(!Number.isNaN(date.getTime()) && { date }),
    bytes,
  }
}

/**
 * Writes beside, syncs, renames, and syncs the folder: once this returns, the mail survives a power cut. The name
 * beside is always the same one: a delivery has one sender at a time, and what a killed one left is written over.
 */
async function keep(directory: string, name: string, bytes: Uint8Array): Promise<void> {
  // Addresses and unsubscribe links are in them, as in the database: for this user's eyes only.
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const beside = path.join(directory, `.${name}.part`)
  try {
    await withFile(beside, 'w', async (file) => {
      await file.writeFile(bytes)
      await file.sync()
    })
    await rename(beside, path.join(directory, name))
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw error
  }
  // Windows cannot open a folder to sync it.
  if (process.platform !== 'win32') await withFile(directory, 'r', (folder) => folder.sync())
}

async function withFile(name: string, flags: string, work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(name, flags, 0o600)
  try {
    await work(file)
  } finally {
    await file.close()
  }
}

function missing(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
  throw error
}
