/** Replaces a file whole or not at all: nobody ever reads half of one. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, Failure } from '../failures.ts'

/**
 * Makes `path` hold `data` (text becomes UTF-8), and makes its folder if need be. A file that already holds just that
 * is left alone, with its modification time. Safe beside other processes that write the same file: one of them wins.
 * @throws Failure `disk.write` with the path and the reason; what was there before is then still there.
 */
export async function writeAtomically(path: string, data: string | Uint8Array): Promise<'written' | 'unchanged'> {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data
  try {
    const before = await stat(path).catch(() => undefined)
    if (before?.isFile() && before.size === bytes.length && (await holds(path, bytes))) return 'unchanged'
    await mkdir(dirname(path), { recursive: true })
    await replace(path, bytes, before?.isFile() ? before.mode & 0o777 : undefined)
    return 'written'
  } catch (thrown) {
    throw new Failure('disk.write', { path, reason: describe(thrown) }, thrown)
  }
}

/** The text in the file; undefined when there is none. Throws Failure `file.unreadable`. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR'))
      return undefined
    throw new Failure('file.unreadable', { path, reason: describe(thrown) }, thrown)
  }
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const current = await readFile(path).catch(() => undefined)
  return current?.equals(bytes) ?? false
}

async function replace(path: string, bytes: Uint8Array, mode: number | undefined): Promise<void> {
  // Beside the target, because a rename is atomic within one file system only; hidden, because the folder may be served.
  const temporary = join(dirname(path), `.broadsheet-${randomBytes(12).toString('hex')}.tmp`)
  try {
    const file = await open(temporary, 'wx')
    try {
      if (mode !== undefined) await file.chmod(mode)
      await file.writeFile(bytes)
      // Before the rename: after a power cut the name must not stand for blocks that never reached the disk.
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw thrown
  }
  await syncFolder(dirname(path))
}

/** Makes the rename itself durable, where the system knows how to. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    // Windows and some network file systems cannot sync a folder, and one without read permission cannot be opened.
    if (!['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM'].includes(String(code))) throw thrown
  }
}
