/** Published files in memory with their compressed copies, so that an answer costs no disk and no compressor. */
import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  brotliCompress, brotliDecompress, constants, gunzip, gzip, zstdCompress, zstdDecompress,
} from 'node:zlib' // prettier-ignore
import { Failure } from '../failures.ts'
import { type Coding, codings } from './coding.ts'

/** One form of a file that a client may get. */
export interface Form {
  body: Buffer
  /** Strong; each coding is a representation of its own, with a tag of its own (RFC 9110, section 8.8.3.3). */
  etag: string
}

export interface Kept {
  /** Inode, time and size: a file that was replaced has another. */
  mark: string
  modifiedAt: Date
  /** Those that would be larger than the file itself are not there. */
  forms: Partial<Record<Coding, Form>> & { identity: Form }
  /** The tags of all forms. */
  etags: ReadonlySet<string>
  /** The header Link that goes with it. */
  link?: string
}

export interface Shelf {
  /** The file as it is on the disk now; undefined when there is none. Throws Failure `file.unreadable`. */
  take(path: string): Promise<Kept | undefined>
  /** The same at once, if it was looked at within the last second. */
  peek(path: string): Kept | undefined
}

/** A file is looked at on the disk so often, however many ask for it. */
export const recheckMs = 1000

/** What all kept files may take together, and one of them. */
const largest = { all: 64_000_000, one: 16_000_000 }

interface Place {
  kept: Kept
  bytes: number
  checkedAt: number
}

/**
 * The shelf of the files below `directory`; `nowMs` is any clock that only goes forward, `linkOf` gives the header Link
 * that goes with the file at a path.
 */
export function openShelf(
  directory: string,
  nowMs: () => number = () => performance.now(),
  linkOf: (path: string) => string | undefined = () => undefined,
): Shelf {
  // In the order in which they were last taken.
  const places = new Map<string, Place>()
  let total = 0
  const drop = (path: string) => {
    total -= places.get(path)?.bytes ?? 0
    places.delete(path)
  }
  return {
    async take(path) {
      const checkedAt = nowMs()
      const kept = await read(join(directory, path), places.get(path)?.kept, () => linkOf(path))
      drop(path)
      if (kept === undefined) return undefined
      const bytes = Object.values(kept.forms).reduce((sum, { body }) => sum + body.length, 0)
      if (bytes <= largest.one) {
        places.set(path, { kept, bytes, checkedAt })
        total += bytes
      }
      for (const oldest of places.keys()) {
        if (total <= largest.all) break
        drop(oldest)
      }
      return kept
    },
    peek(path) {
      const place = places.get(path)
      return place !== undefined && nowMs() - place.checkedAt < recheckMs ? place.kept : undefined
    },
  }
}

async function read(
  path: string,
  before: Kept | undefined,
  linkOf: () => string | undefined,
): Promise<Kept | undefined> {
  const file = await openFile(path)
  if (file === undefined) return undefined
  try {
    const { ino, mtime, mtimeMs, size } = await file.stat()
    const mark = `${ino} ${mtimeMs} ${size}`
    if (before?.mark === mark) return before
    const body = await file.readFile()
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 32)
    const forms: Kept['forms'] = { identity: { body, etag: `"${hash}"` } }
    for (const coding of codings) {
      const packed = await packedCopy(path, coding, body)
      if (packed.length < body.length) forms[coding] = { body: packed, etag: `"${hash}-${coding}"` }
    }
    const etags = new Set(Object.values(forms).map(({ etag }) => etag))
    const link = linkOf()
    return { mark, modifiedAt: mtime, forms, etags, ...(link !== undefined && { link }) }
  } finally {
    await file.close()
  }
}

const endings = { zstd: 'zst', br: 'br', gzip: 'gz' } as const

const unpack = { zstd: promisify(zstdDecompress), br: promisify(brotliDecompress), gzip: promisify(gunzip) }

// Quick rather than small: this is for files that `publish` has not packed, or not yet.
const pack = {
  zstd: (body: Buffer) => promisify(zstdCompress)(body),
  br: (body: Buffer) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (body: Buffer) => promisify(gzip)(body),
}

/** The copy that lies beside the file, where it really is one: it may be older than the file. Else one made now. */
async function packedCopy(path: string, coding: (typeof codings)[number], body: Buffer): Promise<Buffer> {
  try {
    const packed = await readFile(`${path}.${endings[coding]}`)
    const unpacked = await unpack[coding](packed, { maxOutputLength: body.length + 1 })
    if (unpacked.equals(body)) return packed
  } catch {
    // Whatever is wrong with the copy, the file itself is there.
  }
  return await pack[coding](body)
}

/** The open file; undefined when there is none. Throws Failure `file.unreadable`. */
export async function openFile(path: string) {
  try {
    const file = await open(path, 'r')
    if ((await file.stat()).isFile()) return file
    await file.close()
    return undefined
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new Failure('file.unreadable', { path }, thrown)
  }
}
