/** The shapes of addresses that were taken for articles, by which others are known as such. */
import { shapeNameOf, type Shape } from './shape.ts'

export class Shapes {
  readonly #counts = new Map<string, number>()
  readonly #prefixes = new Map<string, Set<string>>()
  readonly #loose = new Map<string, Set<string>>()
  #all = 0

  add(shape: Shape): void {
    this.#all++
    this.#counts.set(shapeNameOf(shape), (this.#counts.get(shapeNameOf(shape)) ?? 0) + 1)
    const known = this.#prefixes.get(shapeNameOf(shape)) ?? new Set()
    if (known.size < 200) known.add(shape.prefix)
    this.#prefixes.set(shapeNameOf(shape), known)
    const loose = this.#loose.get(looseNameOf(shape)) ?? new Set()
    if (loose.size < 200) loose.add(shape.prefix)
    this.#loose.set(looseNameOf(shape), loose)
  }

  /** Which part of them has this shape. */
  share(shape: Shape): number {
    return (this.#counts.get(shapeNameOf(shape)) ?? 0) / Math.max(1, this.#all)
  }

  /** Whether several are of these kinds, one of which is a slug of many words or a number, wherever they begin. */
  hasKinds(shape: Shape): boolean {
    return /[S#]/.test(shape.kinds) && shape.promise > 0 && (this.#counts.get(shapeNameOf(shape)) ?? 0) >= 2
  }

  /** Whether several have this shape; one of plain words has to begin like them too. */
  knows(shape: Shape): boolean {
    if (shape.promise <= -0.5 && !this.begins(shape)) return false
    const name = shapeNameOf(shape)
    const prefixes = this.#prefixes.get(name)
    if (prefixes === undefined || (this.#counts.get(name) ?? 0) < 2) return this.begins(shape)
    return prefixes.has(shape.prefix) || prefixes.size > 3 || (/[YS#]/.test(shape.kinds) && prefixes.size > 1)
  }

  /** Whether some of these kinds, or nearly, begin with the same word. */
  begins(shape: Shape): boolean {
    if (this.#prefixes.get(shapeNameOf(shape))?.has(shape.prefix) === true) return true
    return shape.prefix !== '' && (this.#loose.get(looseNameOf(shape))?.has(shape.prefix) ?? false)
  }

  /** Whether one of any shape begins so. */
  hasPrefix({ prefix }: Shape): boolean {
    return [...this.#prefixes.values()].some((known) => known.has(prefix))
  }
}

/** A slug of two words may be one of the articles whose slugs have more; or the name of a person. */
function looseNameOf({ host, kinds }: Shape): string {
  return `${host} ${kinds.replace(/\bt\b/g, 'S')}`
}
