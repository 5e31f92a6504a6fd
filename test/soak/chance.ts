/** Chance that comes again: what is drawn follows from the seed and from what it is drawn for, in whatever order. */
import { createHash } from 'node:crypto'

export interface Chance {
  /** From 0 up to 1. */
  draw(...about: (string | number)[]): number
  happens(probability: number, ...about: (string | number)[]): boolean
  whole(from: number, to: number, ...about: (string | number)[]): number
  pick<T>(list: readonly T[], ...about: (string | number)[]): T
}

export function openChance(seed: string): Chance {
  const draw: Chance['draw'] = (...about) =>
    createHash('sha256')
      .update(JSON.stringify([seed, ...about]))
      .digest()
      .readUIntBE(0, 6) /
    2 ** 48
  return {
    draw,
    happens: (probability, ...about) => draw(...about) < probability,
    whole: (from, to, ...about) => from + Math.floor(draw(...about) * (to - from + 1)),
    pick: (list, ...about) => list[Math.floor(draw(...about) * list.length)]!,
  }
}
