/** Remembers when the operator was told of a database that cannot: by the time of a file, which a full disk can still change. */
import { randomUUID } from 'node:crypto'
import { access, mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The time of a marker that says nothing. */
const never = new Date(0)

/**
 * Makes the file while there is room for it. What is there stays.
 *
 * It comes to its place with its time: one that was there for a moment with the time of now would say to another run that
 * the database had failed.
 */
export async function layMarker(path: string): Promise<void> {
  if (await isThere(path)) return
  await mkdir(dirname(path), { recursive: true })
  const beside = `${path}.${randomUUID()}`
  try {
    await (await open(beside, 'wx')).close()
    await utimes(beside, never, never)
    await rename(beside, path)
  } catch (thrown) {
    await rm(beside, { force: true })
    throw thrown
  }
}

/** When it was set last; undefined when that is never, or cannot be known. */
export async function readMarker(path: string): Promise<Date | undefined> {
  const { mtime } = await stat(path).catch(() => ({ mtime: never }))
  return mtime.getTime() <= never.getTime() ? undefined : mtime
}

/** Sets it to a moment, or to never. */
export async function setMarker(path: string, at: Date = never): Promise<void> {
  await utimes(path, at, at)
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
