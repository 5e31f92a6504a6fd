/** Folders made for one test. */
import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A new folder that holds these files, by their paths in it. The test removes it. */
export async function makeFolder(files: Record<string, string | Uint8Array> = {}): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'broadsheet-test-'))
  await addFiles(folder, files)
  return folder
}

export async function addFiles(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

/** Whether this process is held back by permissions at all. */
export const isRoot = process.getuid?.() === 0

/** Skips a test and says why where everybody sees it. */
export function skipLoudly(test: Mocha.Context, reason: string): never {
  process.stderr.write(`SKIPPED ${test.test?.fullTitle() ?? ''}: ${reason}\n`)
  return test.skip()
}
