/** Reads one text file, in whichever encoding it says it has, and refuses what is no text. */
import { open } from 'node:fs/promises'
import { TextDecoder } from 'node:util'
import { describe, Failure } from '../failures.ts'

const LARGEST_BYTES = 5_000_000

/** A declaration beyond this is ignored by browsers too (HTML, 13.2.3.2, gives it 1024 bytes; saved pages are worse). */
const PRESCAN_BYTES = 4096

/**
 * The text of the file at `path`; `place` is what messages call it. A byte order mark decides the encoding, then (in
 * HTML) what a `<meta>` declares, and otherwise it must be UTF-8.
 * @throws Failure `file.unreadable`, `file.tooLarge` (nothing of it is read then), `file.notText`.
 */
export async function readTextFile(path: string, place: string, isHtml: boolean): Promise<string> {
  const bytes = await readBytes(path, place)
  const encoding = markedEncoding(bytes)
  // No text in any encoding but UTF-16 has a zero byte, and every kind of binary file has one early on.
  if (encoding === undefined && bytes.includes(0)) throw new Failure('file.notText', { file: place })
  const decoder = encoding ?? (isHtml ? declaredDecoder(bytes) : undefined) ?? new TextDecoder('utf-8', { fatal: true })
  try {
    return decoder.decode(bytes)
  } catch (thrown) {
    throw new Failure('file.notText', { file: place, reason: `it is not valid ${decoder.encoding}` }, thrown)
  }
}

async function readBytes(path: string, place: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size > LARGEST_BYTES) throw new Failure('file.tooLarge', { file: place, bytes: size })
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw new Failure('file.unreadable', { file: place, reason: describe(thrown) }, thrown)
  }
}

function markedEncoding(bytes: Buffer): TextDecoder | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true })
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be', { fatal: true })
  return undefined
}

function declaredDecoder(bytes: Buffer): TextDecoder | undefined {
  const head = bytes.toString('latin1', 0, PRESCAN_BYTES)
  // A mark of UTF-8 outweighs the declaration.
  if (head.startsWith('\u00ef\u00bb\u00bf')) return undefined
  const label = /<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1]
  // A page that could be read up to here is not UTF-16, whatever it declares (HTML, 13.2.3.2).
  if (label === undefined || /^utf-?16/i.test(label)) return undefined
  try {
    return new TextDecoder(label, { fatal: true })
  } catch {
    return undefined
  }
}
