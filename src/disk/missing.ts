/** Which files are not where they should be, at the price of reading the folder once. */
import { readdir } from 'node:fs/promises'
import { describe, Failure } from '../failures.ts'

/** Those of these names that are not in the folder. Throws Failure `file.unreadable` where the folder cannot be read. */
export async function missingIn(directory: string, names: string[]): Promise<string[]> {
  if (names.length === 0) return []
  try {
    const there = new Set(await readdir(directory))
    return names.filter((name) => !there.has(name))
  } catch (thrown) {
    // What stands in its place is for whoever writes there to complain of.
    if (thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR'))
      return names
    throw new Failure('file.unreadable', { path: directory, reason: describe(thrown) }, thrown)
  }
}
