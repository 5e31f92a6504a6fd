/** Removes files that nobody needs any more: unused pictures, old mails, old copies, what a killed process left half-written. */
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, Failure } from '../failures.ts'

/** What was removed. */
export interface Swept {
  files: number
  bytes: number
}

/** As `media.ts` names them. */
const mediaName = /(?<![0-9a-f])[0-9a-f]{32}\.(?:jpg|png|gif|webp|avif)(?![0-9a-z])/g

/** As `mail/mailbox.ts` names them: the moment first. */
const mailName = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-.+\.eml$/

/** As `write.ts` and `mail/mailbox.ts` name what they write before it gets its name. */
const unfinishedName = /^\.(?:broadsheet-[0-9a-f]{24}\.tmp|.+\.eml\.part)$/

/** Also the pages of an archive. */
const feedFile = /^(?:\d+\.)?(?:rss\.xml|atom\.xml|feed\.json|json|index\.html)$/

/** A feed that is made of another has its archive so far down: `all/topic/harbour/archive`. */
const DEEPEST = 4

/** Names of pictures of ours that a text holds, in whatever address. */
export function mediaNamesIn(text: string): string[] {
  return text.match(mediaName) ?? []
}

/** The pictures that are kept in this folder. */
export async function listMedia(directory: string): Promise<string[]> {
  return (await namesIn(directory)).filter((name) => mediaNamesIn(name)[0] === name)
}

/** The feed files as they are out, those of feeds that are no longer in the config too: somebody may still read them. */
export async function* publishedTexts(directory: string): AsyncGenerator<string> {
  for await (const { folder, names } of foldersIn(directory)) {
    for (const file of folder === directory ? [] : names.filter((name) => feedFile.test(name))) {
      const text = await readFile(join(folder, file), 'utf8').catch(absent)
      if (text !== undefined) yield text
    }
  }
}

/** The folder and all in it, each with the names of what is there. */
async function* foldersIn(folder: string, depth = 0): AsyncGenerator<{ folder: string; names: string[] }> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(absent)) ?? []
  yield { folder, names: entries.map(({ name }) => name) }
  if (depth === DEEPEST) return
  for (const entry of entries) if (!entry.isFile()) yield* foldersIn(join(folder, entry.name), depth + 1)
}

/** Removes these files of a folder. Throws Failure `disk.remove` where one cannot be; the others are gone then. */
export async function removeFiles(directory: string, names: string[]): Promise<Swept> {
  const swept: Swept = { files: 0, bytes: 0 }
  let failed: Failure | undefined
  for (const name of names) {
    const path = join(directory, name)
    try {
      const { size } = await stat(path)
      await rm(path)
      swept.files += 1
      swept.bytes += size
    } catch (thrown) {
      if (isAbsence(thrown)) continue
      failed ??= new Failure('disk.remove', { path, reason: describe(thrown) }, thrown)
    }
  }
  if (failed !== undefined) throw failed
  return swept
}

/** Removes mails of the built-in mailbox that are older. Other files are nobody's business. */
export async function sweepMails(directory: string, before: Date): Promise<Swept> {
  const old = (await namesIn(directory)).filter((name) => {
    const date = mailDate(name)
    return date !== undefined && date < before
  })
  return removeFiles(directory, old)
}

/** Removes what was left half-written before that moment, in these folders and those in them. */
export async function sweepUnfinished(directories: string[], before: Date): Promise<Swept> {
  const total: Swept = { files: 0, bytes: 0 }
  for (const directory of directories) {
    for await (const { folder, names } of foldersIn(directory)) {
      const old: string[] = []
      for (const name of names.filter((each) => unfinishedName.test(each))) {
        const found = await stat(join(folder, name)).catch(absent)
        if (found?.isFile() && found.mtime < before) old.push(name)
      }
      const { files, bytes } = await removeFiles(folder, old)
      total.files += files
      total.bytes += bytes
    }
  }
  return total
}

/** Removes the copies that migrations made of the database at `path` (`PATH.before-…`), all but the newest few. */
export async function sweepCopies(path: string, kept: number): Promise<Swept> {
  const directory = dirname(path)
  const copies: { name: string; at: number }[] = []
  for (const name of await namesIn(directory)) {
    if (!name.startsWith(`${basename(path)}.before-`) || name.endsWith('.unfinished')) continue
    const found = await stat(join(directory, name)).catch(absent)
    if (found?.isFile()) copies.push({ name, at: found.mtimeMs })
  }
  const old = copies.toSorted((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1)).slice(kept)
  return removeFiles(
    directory,
    old.map(({ name }) => name),
  )
}

function mailDate(name: string): Date | undefined {
  const [, year, month, day, hours, minutes, seconds, ms] = mailName.exec(name) ?? []
  if (year === undefined) return undefined
  return new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${ms}Z`)
}

/** A folder that is not there is an empty one. */
async function namesIn(directory: string): Promise<string[]> {
  return (await readdir(directory).catch(absent)) ?? []
}

function absent(thrown: unknown): undefined {
  if (isAbsence(thrown)) return undefined
  throw thrown
}

function isAbsence(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR'
}
