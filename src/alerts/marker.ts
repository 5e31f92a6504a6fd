/** Remembers when the operator was told of a database that cannot: by the time of a file, which a full disk can still change. */
import { mkdir, open, stat, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The time of a marker that says nothing. */
const never = new Date(0)

/** Makes the file while there is room for it. What is there stays. */
export async function layMarker(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await (await open(path, 'wx')).close()
    await utimes(path, never, never)
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown
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
