/** A small file system of its own, for tests of what happens when a disk is full. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isRoot, skipLoudly } from './folders.ts'

const run = promisify(execFile)

export interface SmallDisk {
  path: string
  /** Fills it to the last byte. */
  fill(): Promise<void>
  /** Makes room again. */
  empty(): Promise<void>
  remove(): Promise<void>
}

/** Mounts a tmpfs of so many megabytes; where that is not allowed, the test is skipped and says so. */
export async function mountDisk(test: Mocha.Context, megabytes: number): Promise<SmallDisk> {
  if (!isRoot || process.platform !== 'linux') skipLoudly(test, 'only root on Linux can mount a small disk')
  const path = await mkdtemp(join(tmpdir(), 'broadsheet-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'broadsheet-test', path])
  } catch (thrown) {
    await rm(path, { recursive: true })
    skipLoudly(test, `a small disk could not be mounted: ${String(thrown)}`)
  }
  const filler = join(path, 'filler')
  return {
    path,
    async fill() {
      // Large pieces first, then small ones: what is left in the end holds not even one page.
      for (const size of [1 << 20, 1 << 12]) {
        for (;;) {
          try {
            await writeFile(filler, Buffer.alloc(size, 1), { flag: 'a' })
          } catch (thrown) {
            if ((thrown as NodeJS.ErrnoException).code === 'ENOSPC') break
            throw thrown
          }
        }
      }
    },
    empty: () => rm(filler, { force: true }),
    async remove() {
      await run('umount', [path])
      await rm(path, { recursive: true })
    },
  }
}
