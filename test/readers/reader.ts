/** What a feed reader is to these tests, and how one that is a program is run. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { load } from 'cheerio'
import { type FeedFile } from '../../src/addresses.ts'

/** An article as a reader has it; what it does not keep is not there. */
export interface Sight {
  id?: string
  title?: string
  url?: string
  /** ISO 8601, to the second. */
  published?: string
  authors?: string[]
  topics?: string[]
  html?: string
  /** Of enclosures: `type bytes address`, with `?` for what the reader does not keep. */
  files?: string[]
}

export type Field = keyof Sight

/** All that a feed says of an article. */
export type Wanted = Required<Sight>

/** Where a reader is known to show something else than the feed says, and what it shows then. */
export interface Limit {
  field: Field
  files: readonly FeedFile[]
  /** What it does, as docs/readers.md says it. */
  says: string
  /** Where that can be read. */
  by: string
  sees(wanted: Wanted): unknown
}

export interface Polled {
  /** All that the reader has of the feed now. */
  sights: Sight[]
  /** It was told that nothing is new, and keeps nothing itself: what it had then still holds. */
  isUnchanged?: boolean
  /** Why it got nothing this time. */
  fault?: string
  /** The address that it will ask from now on, where it keeps one itself. */
  next?: string
}

/** One feed in one reader. */
export interface Subscription {
  poll(): Promise<Polled>
}

export interface Reader {
  name: string
  /** Its version where the table of docs/readers.md was made. */
  version: string
  files: readonly FeedFile[]
  keeps: readonly Field[]
  limits: readonly Limit[]
  /** When it first sends what it was told of the feed before, so that nothing new is a 304. */
  asksWhetherChanged: 'the 2nd time' | 'the 3rd time, or before' | 'never'
  /** What it does with an article that says something else than before: shows it in place, or beside what it said. */
  corrected: 'replaced' | 'beside' | 'as the feed is'
  /** What it does with a permanent redirect. */
  moved: 'followed' | 'followed, and noted' | 'refused'
  /** What is missing on this machine to run it. */
  lacks(): string | undefined
  /** `folder` is its own, and its home. */
  subscribe(url: string, folder: string): Promise<Subscription>
}

/** Debian's Python, whatever other one comes first: its packages are there. */
export const python = '/usr/bin/python3'

/** The first of these programs that is not on this machine. */
export function firstMissing(...programs: string[]): string | undefined {
  return programs.find(
    (program) => !(process.env['PATH'] ?? '').split(delimiter).some((folder) => isProgram(folder, program)),
  )
}

function isProgram(folder: string, name: string): boolean {
  try {
    accessSync(join(folder, name), constants.X_OK)
    return true
  } catch {
    return false
  }
}

export interface Ran {
  exit: number | null
  stdout: string
  said: string
}

/** A program to its end, in a home of its own, without anything of ours in its environment. */
export async function runIn(home: string, program: string, ...args: string[]): Promise<Ran> {
  const env = {
    HOME: home,
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TERM: 'dumb',
    TZ: 'Asia/Kathmandu',
  }
  const child = spawn(program, args, { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [exit] = (await once(child, 'close')) as [number | null]
  return { exit, stdout, said: `${said}${stdout}` }
}

/** What is left to read of HTML. */
export function asText(html: string): string {
  return load(html, undefined, false).text()
}

/** A moment in seconds since 1970, as sights have it. */
export function momentOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
