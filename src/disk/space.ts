/** How much room a disk has, and whether that is little. */
import { stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { describe, Failure } from '../failures.ts'

/** Room on a disk, in bytes. */
export interface Space {
  /** What this user may still fill. */
  free: number
  total: number
}

const MB = 1_000_000

/** Enough for a busy night: a collection, an edition to a large list, a copy of the database. */
const LEAST_FREE = 200 * MB
const LEAST_SHARE = 0.05
/** A twentieth of a very large disk is still a lot. */
const PLENTY = 10_000 * MB

/** Below this, room is little. A file system that does not say how large it is has none that could be little. */
export function leastFree({ total }: Pick<Space, 'total'>): number {
  if (total === 0) return 0
  return Math.min(Math.max(LEAST_FREE, total * LEAST_SHARE), PLENTY)
}

/** Room on the disk that holds `path`, or will hold it. */
export async function spaceAt(path: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(await nearest(path))
  return { free: bavail * bsize, total: blocks * bsize }
}

/**
 * A Failure `disk.low` for each disk that has little room and holds one of these paths; a disk that holds several is
 * named once, by the first. What cannot be looked at is a Failure `disk.unknown`, not a reason to stop.
 */
export async function lowDisks(paths: string[], look: (path: string) => Promise<Space> = spaceAt): Promise<Failure[]> {
  const failures: Failure[] = []
  const seen = new Set<number>()
  for (const path of paths) {
    try {
      const { dev } = await stat(await nearest(path))
      if (seen.has(dev)) continue
      seen.add(dev)
      const space = await look(path)
      const least = leastFree(space)
      if (space.free >= least) continue
      failures.push(new Failure('disk.low', { path, freeMB: inMB(space.free), leastMB: inMB(least) }))
    } catch (thrown) {
      failures.push(new Failure('disk.unknown', { path, reason: describe(thrown) }, thrown))
    }
  }
  return failures
}

/** The path itself, or the folder above it that is there. */
async function nearest(path: string): Promise<string> {
  for (let place = resolve(path); ;) {
    const found = await stat(place).catch(absent)
    const above = dirname(place)
    if (found !== undefined || above === place) return place
    place = above
  }
}

function inMB(bytes: number): number {
  return Math.floor(bytes / MB)
}

function absent(thrown: unknown): undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
  throw thrown
}
