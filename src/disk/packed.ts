/** Compressed copies beside a published file, for web servers that hand them out as they are. */
import { rm, stat, utimes } from 'node:fs/promises'
import { promisify } from 'node:util'
import {
  brotliCompress, brotliCompressSync, constants, gzip, gzipSync, zstdCompress, zstdCompressSync,
} from 'node:zlib' // prettier-ignore
import { writeAtomically } from './write.ts'

/**
 * By the ending that nginx, Caddy and others look for. Nearly as small as it gets, at a tenth of the time; told how much
 * there is to pack, they take room for that and not for any amount.
 */
const packers = {
  gz(bytes: Buffer) {
    const options = { level: 9 }
    return isQuick(bytes) ? gzipSync(bytes, options) : promisify(gzip)(bytes, options)
  },
  br(bytes: Buffer) {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_LGWIN]: windowBits(bytes.length),
    }
    return isQuick(bytes) ? brotliCompressSync(bytes, { params }) : promisify(brotliCompress)(bytes, { params })
  },
  zst(bytes: Buffer) {
    const options = { pledgedSrcSize: bytes.length, params: { [constants.ZSTD_c_compressionLevel]: 8 } }
    return isQuick(bytes) ? zstdCompressSync(bytes, options) : promisify(zstdCompress)(bytes, options)
  },
}

/** A matter of milliseconds, done here: each thread that packs keeps for good the memory that it once took. */
function isQuick({ length }: Buffer): boolean {
  return length <= 1_200_000
}

/** Of a window in which all of it has room (RFC 7932, section 9.1). */
function windowBits(length: number): number {
  return Math.min(constants.BROTLI_MAX_WINDOW_BITS, Math.max(16, Math.ceil(Math.log2(length + 16))))
}

/** What such a copy is called. */
export const packedEndings = Object.keys(packers)

/**
 * Makes `path.gz`, `path.br` and `path.zst` copies of `text`, which `path` holds by now, with its modification time;
 * those that have that time already are left alone. When one cannot be written, all are removed: an old copy would go
 * on being handed out. Throws Failure `disk.write`.
 */
export async function writePacked(path: string, text: string): Promise<void> {
  const { atime, mtime, mtimeMs } = await stat(path)
  const bytes = Buffer.from(text, 'utf8')
  try {
    for (const [ending, pack] of Object.entries(packers)) {
      const copy = `${path}.${ending}`
      const before = await stat(copy).catch(() => undefined)
      // Times are set in whole milliseconds.
      if (before?.isFile() && Math.abs(before.mtimeMs - mtimeMs) <= 1) continue
      await writeAtomically(copy, await pack(bytes))
      await utimes(copy, atime, mtime)
    }
  } catch (thrown) {
    for (const ending of packedEndings) await rm(`${path}.${ending}`, { force: true, recursive: true })
    throw thrown
  }
}
