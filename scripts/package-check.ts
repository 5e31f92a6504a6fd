/** Packs the package and runs it as it is installed, compiled and without `src/`: collects the sample and extracts a file. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repository } from '../test/sample.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'broadsheet-package-'))
try {
  await run('npm', ['pack', '--pack-destination', folder], { cwd: repository })
  const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as { version: string }
  const modules = join(folder, 'node_modules')
  const installed = join(modules, 'broadsheet')
  await mkdir(installed, { recursive: true })
  await run('tar', ['-xzf', join(folder, `broadsheet-${version}.tgz`), '--strip-components=1', '-C', installed])
  // The dependencies as they are here: what is tried is our package, not the registry.
  await symlink(join(repository, 'node_modules'), join(installed, 'node_modules'))

  const paper = join(folder, 'paper')
  await mkdir(paper)
  await cp(join(repository, 'examples'), join(paper, 'examples'), { recursive: true })
  await cp(join(repository, 'broadsheet.yaml'), join(paper, 'broadsheet.yaml'))
  await writeFile(join(paper, 'note.txt'), 'A headline\n\nA first paragraph, long enough to be read as one.\n')
  const broadsheet = async (...args: string[]) => {
    const { stdout } = await run(
      process.execPath,
      [join(installed, 'bin', 'broadsheet.js'), '--json', '--log', 'error', ...args],
      { cwd: paper },
    )
    return JSON.parse(stdout) as unknown
  }
  await broadsheet('check')
  const done = (await broadsheet('run')) as { delivered?: { submitted?: number } }
  if (done.delivered?.submitted !== 1) throw new Error(`The installed package mailed nothing: ${JSON.stringify(done)}`)
  const note = (await broadsheet('extract', 'note.txt')) as { title?: string }
  if (note.title !== 'A headline') throw new Error(`The installed package extracts wrongly: ${JSON.stringify(note)}`)
  process.stdout.write(`broadsheet-${version}.tgz works as installed.\n`)
} finally {
  await rm(folder, { recursive: true, force: true })
  await rm(join(repository, 'dist'), { recursive: true, force: true })
}
