/** Keeps copies of pictures under names made from their bytes. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { disableTypes, imageSize, types } from 'image-size'
import { describe, Failure } from '../failures.ts'
import { writeAtomically } from './write.ts'

/** A picture that is held in the media folder. */
export interface KeptMedia {
  fileName: string
  /** MIME type, by what the bytes are and not by what the file is called. */
  type: string
  bytes: number
  /** As it is shown: a photograph that its camera held upright is higher than wide. */
  width: number
  height: number
}

const LARGEST_BYTES = 20_000_000

/** Size and type stand at the beginning; what a camera writes before them has room in this. */
const HEAD_BYTES = 2_000_000

/** Raster only: an SVG is a document that can carry scripts. */
const RASTER: Partial<Record<string, { ending: string; type: string }>> = {
  jpg: { ending: 'jpg', type: 'image/jpeg' },
  png: { ending: 'png', type: 'image/png' },
  gif: { ending: 'gif', type: 'image/gif' },
  webp: { ending: 'webp', type: 'image/webp' },
  avif: { ending: 'avif', type: 'image/avif' },
}

// Parsers that are never wanted are never run; `heif` is the one that reads AVIF.
disableTypes(types.filter((name) => RASTER[name] === undefined && name !== 'heif'))

/**
 * Copies the picture at `path` into `directory`, named by its SHA-256 so that the same picture is kept once and a
 * changed one gets a new address.
 * @throws Failure `media.unusable` when it is no raster picture, `media.tooLarge`, `file.unreadable`, `disk.write`.
 */
export async function keepMedia(path: string, directory: string): Promise<KeptMedia> {
  const content = await readPicture(path)
  const { width, height, kind } = measure(content, path)
  const fileName = `${createHash('sha256').update(content).digest('hex').slice(0, 32)}.${kind.ending}`
  await writeAtomically(join(directory, fileName), content)
  return { fileName, type: kind.type, bytes: content.length, width, height }
}

async function readPicture(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size > LARGEST_BYTES) throw new Failure('media.tooLarge', { path, bytes: size })
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw new Failure('file.unreadable', { path, reason: describe(thrown) }, thrown)
  }
}

function measure(content: Buffer, path: string) {
  try {
    const { width, height, type, orientation } = imageSize(content.subarray(0, HEAD_BYTES))
    const kind = RASTER[type ?? '']
    if (kind === undefined) throw new TypeError(`unsupported file type: ${String(type)}`)
    if (width < 1 || height < 1) throw new TypeError(`it measures ${width} × ${height}`)
    // EXIF 2.32, 4.6.4: orientations 5 to 8 turn the picture by a quarter.
    const turned = orientation !== undefined && orientation >= 5
    return turned ? { kind, width: height, height: width } : { kind, width, height }
  } catch (thrown) {
    throw new Failure('media.unusable', { path, reason: describe(thrown) }, thrown)
  }
}
