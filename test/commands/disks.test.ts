import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, writeFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repository } from '../sample.ts'
import { mountDisk } from '../tmpfs.ts'

describe('run on a small disk', () => {
  it('does its work, and says that there is little room: in the result, the log and the exit code', async function () {
    this.timeout(60_000)
    const disk = await mountDisk(this, 64)
    try {
      await cp(join(repository, 'examples'), join(disk.path, 'examples'), { recursive: true })
      const yaml = await readFile(join(repository, 'broadsheet.yaml'), 'utf8')
      await writeFile(join(disk.path, 'broadsheet.yaml'), yaml)
      const launcher = join(repository, 'bin', 'broadsheet.js')
      const ended = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
        execFile(process.execPath, [launcher, '--json', 'run'], { cwd: disk.path }, (error, stdout, stderr) =>
          resolve({ code: error?.code ?? 0, stdout, stderr }),
        )
      })
      assert.equal(ended.code, 1, ended.stderr)
      const done = JSON.parse(ended.stdout) as { delivered: { submitted: number }; disks: { code: string }[] }
      assert.equal(done.delivered.submitted, 1)
      assert.deepEqual(
        done.disks.map(({ code }) => code),
        ['disk.low'],
      )
      assert.match(ended.stderr, /"code":"disk\.low"/)
    } finally {
      await disk.remove()
    }
  })
})
