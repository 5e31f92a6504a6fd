/** Reads a template by its name; the installation's own file is taken before the built-in one of that name. */
import { readFile, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { describe, Failure } from '../failures.ts'

export interface Templates {
  /** The text of a template, by its path below a templates folder, with `/`, such as `mail/digest.mjml`. */
  read(path: string): Promise<string>
}

/**
 * Templates in `directories`, each tried in order, so that one file can be replaced alone.
 * `read` throws Failure `template.missing`, naming where it looked, or `file.unreadable`. A path that leads out of a
 * folder, by `..` or by a symbolic link, counts as missing there.
 */
export function readTemplates(directories: string[]): Templates {
  return {
    async read(path) {
      if (!staysInside(path)) throw missing(path, directories, 'the name leads out of the templates folder')
      for (const directory of directories) {
        const text = await readIn(directory, path)
        if (text !== undefined) return text
      }
      throw missing(path, directories)
    },
  }
}

async function readIn(directory: string, path: string): Promise<string | undefined> {
  const file = join(directory, ...path.split('/'))
  try {
    const [root, target] = await Promise.all([realpath(directory), realpath(file)])
    const inside = relative(root, target)
    if (isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`)) return undefined
    const text = await readFile(target, 'utf8')
    return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
    throw new Failure('file.unreadable', { file, reason: describe(thrown) }, thrown)
  }
}

function staysInside(path: string): boolean {
  // Backslashes and colons would be separators and drives on Windows.
  return /^[^/\\:\0]+(\/[^/\\:\0]+)*$/.test(path) && !path.split('/').some((part) => part === '.' || part === '..')
}

function missing(path: string, directories: string[], reason?: string): Failure {
  return new Failure('template.missing', { template: path, looked: directories.join(', '), reason })
}
