/** Checks that every dependency is pinned, imported where it says, and explained in docs/dependencies.md. */
import { glob, readFile } from 'node:fs/promises'
import { z } from 'zod'

const manifest = z
  .object({
    dependencies: z.record(z.string(), z.string()),
    optionalDependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(await readFile('package.json', 'utf8')))
const explained = await readFile('docs/dependencies.md', 'utf8')
const faults: string[] = []

const shipped = await importedBy('src/**/*.ts')
const anywhere = new Set([
  ...shipped,
  ...(await importedBy('{test,scripts,bench}/**/*.ts')),
  ...(await importedBy('*.js')),
])

/** Named on a command line or needed by another package, never imported. */
const unimported = new Set(['node', 'mocha', 'typescript', 'eslint', 'prettier', 'cssnano'])

const running = { ...manifest.dependencies, ...manifest.optionalDependencies }
for (const [name, version] of Object.entries({ ...running, ...manifest.devDependencies })) {
  if (!/^\d/.test(version)) faults.push(`${name} is not pinned to one version: ${version}`)
  if (name.startsWith('@types/')) continue
  if (!explained.includes(`\`${name}\``)) faults.push(`${name} has no line in docs/dependencies.md`)
  const used = name in running ? shipped : anywhere
  if (!used.has(name) && !unimported.has(name)) faults.push(`${name} is not imported where it should be`)
}
for (const name of shipped) {
  if (!(name in running)) faults.push(`${name} is imported by src/ but is no dependency`)
}

async function importedBy(pattern: string): Promise<Set<string>> {
  const names = new Set<string>()
  for await (const file of glob(pattern)) {
    for (const [, plain, dynamic] of (await readFile(file, 'utf8')).matchAll(
      /(?:^|\n)(?:import|export|\})[^'\n]* from '([@a-z][^'\n]*)'|\bimport\('([@a-z][^']*)'\)/g,
    )) {
      const name = plain ?? dynamic ?? ''
      if (!name.startsWith('node:'))
        names.add(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        )
    }
  }
  return names
}

if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`)
  process.exitCode = 1
} else process.stdout.write('Every dependency is pinned, used and explained.\n')
