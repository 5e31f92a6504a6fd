/** How every picture of the sample paper is cut: its inks, the gouge's marks, land, water, skies, the paper. */

export const WIDTH = 1200
export const HEIGHT = 675

export const inks = {
  night: '#06202d',
  deep: '#0a3a50',
  blue: '#0b4f6c',
  teal: '#2b7a8c',
  pale: '#86b8bb',
  mist: '#c9dcd3',
  cream: '#fbf3e0',
  sand: '#f0dcb4',
  dune: '#d9b77c',
  ochre: '#e8a33d',
  coral: '#e5694a',
  rust: '#b2432e',
  wood: '#6b3a2a',
} as const

export type Random = () => number
export type Point = [x: number, y: number]

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32), so that a picture drawn again is the same picture. */
export function seeded(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export const between = (random: Random, low: number, high: number): number => low + random() * (high - low)
export const times = (count: number, draw: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => draw(index)).join('')
export const at = (x: number, y: number, content: string, scale = 1, turn = 0): string =>
  `<g transform="translate(${x} ${y}) rotate(${turn}) scale(${scale})">${content}</g>`
export const rect = (x: number, y: number, width: number, height: number, fill: string, more = ''): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" ${more}/>`
export const circle = (x: number, y: number, radius: number, fill: string, more = ''): string =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" ${more}/>`
export const path = (d: string, fill: string, more = ''): string => `<path d="${d}" fill="${fill}" ${more}/>`
export const line = (d: string, stroke: string, width: number, more = ''): string =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`

/** Content seen only inside a shape. Ids must differ within one picture. */
export const inside = (id: string, d: string, content: string): string =>
  `<clipPath id="${id}"><path d="${d}"/></clipPath><g clip-path="url(#${id})">${content}</g>`

/** The curve through all points (Catmull–Rom), as path data. */
export function curve(points: Point[]): string {
  return points
    .map(([x, y], index) => {
      const before = points[index - 1]
      if (before === undefined) return `M${x},${y}`
      const earlier = points[index - 2] ?? before
      const next: Point = points[index + 1] ?? [x, y]
      const bend = (from: Point, to: Point, axis: 0 | 1): number => (to[axis] - from[axis]) / 6
      return `C${before[0] + bend(earlier, [x, y], 0)},${before[1] + bend(earlier, [x, y], 1)} ${x - bend(before, next, 0)},${y - bend(before, next, 1)} ${x},${y}`
    })
    .join('')
}

/** Land: everything below the curve through the points. */
export const land = (points: Point[], fill: string, bottom = HEIGHT): string => path(landLine(points, bottom), fill)
export function landLine(points: Point[], bottom = HEIGHT): string {
  const first = points[0] ?? [0, 0]
  const last = points.at(-1) ?? [WIDTH, 0]
  return `${curve(points)}L${last[0]},${bottom}L${first[0]},${bottom}Z`
}

/** One mark of the gouge: thin at both ends. */
export function gouge(x: number, y: number, length: number, thickness: number, fill: string, turn = 0): string {
  const half = length / 2
  const d = `M${-half},0Q0,${-thickness} ${half},0Q0,${thickness} ${-half},0Z`
  return `<path d="${d}" fill="${fill}" transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn.toFixed(1)})"/>`
}

interface Field {
  area: [x: number, y: number, width: number, height: number]
  count: number
  length: [number, number]
  thickness: [number, number]
  fill: string
  /** Degrees, at one place or everywhere. */
  turn?: number | ((x: number, y: number) => number)
  /** Marks grow and spread towards the bottom, as water does towards the eye. */
  near?: boolean
}

/** Many marks over an area. */
export function gouges(
  random: Random,
  { area, count, length, thickness, fill, turn = 0, near = false }: Field,
): string {
  return times(count, () => {
    const depth = near ? random() ** 1.25 : random()
    const size = near ? 0.25 + 0.75 * depth : 1
    const x = area[0] + random() * area[2]
    const y = area[1] + depth * area[3]
    const angle = typeof turn === 'number' ? turn : turn(x, y)
    return gouge(x, y, between(random, ...length) * size, between(random, ...thickness) * size, fill, angle)
  })
}

/** Bands of colour from the top down, each cut into its neighbours as a block-printer does it. */
export function bands(random: Random, stops: [y: number, fill: string][], reach = 34, count = 46): string {
  return stops
    .map(([y, fill], index) => {
      const above = stops[index - 1]
      if (above === undefined) return rect(-20, y, WIDTH + 40, HEIGHT, fill)
      const marks = times(count, () => {
        const distance = (random() + random() - 1) * reach
        const length = between(random, 70, 300) * (1 - Math.abs(distance) / reach / 1.6)
        const colour = distance < 0 ? fill : above[1]
        return gouge(between(random, -60, WIDTH + 60), y + distance, length, between(random, 2, 5), colour)
      })
      return rect(-20, y, WIDTH + 40, HEIGHT, fill) + marks
    })
    .join('')
}

/** Open water from `top` down: darker towards the eye, with lit and shaded marks. */
export function sea(
  random: Random,
  top: number,
  fills: [far: string, middle: string, near: string],
  light: string,
): string {
  const height = HEIGHT - top
  return (
    bands(random, [
      [top, fills[0]],
      [top + height * 0.3, fills[1]],
      [top + height * 0.66, fills[2]],
    ]).replaceAll('y="-20"', '') +
    gouges(random, {
      area: [0, top + 6, WIDTH, height],
      count: 90,
      length: [60, 190],
      thickness: [3, 7],
      fill: light,
      near: true,
    }) +
    gouges(random, {
      area: [0, top + 6, WIDTH, height],
      count: 70,
      length: [60, 220],
      thickness: [3, 8],
      fill: inks.deep,
      near: true,
    })
  )
}

/** Light lying on the water below sun, moon or lamp. */
export function glitter(random: Random, x: number, top: number, bottom: number, width: number, fill: string): string {
  const rows = Math.round((bottom - top) / 11)
  return times(rows, (row) => {
    const depth = row / rows
    const spread = width * (0.35 + 0.65 * depth)
    const y = top + (bottom - top) * depth ** 1.15
    return times(2, () =>
      gouge(x + (random() - 0.5) * spread, y, between(random, 0.35, 0.9) * spread, 2 + 4 * depth, fill),
    )
  })
}

export const sun = (x: number, y: number, radius: number, fills: [string, string, string]): string =>
  circle(x, y, radius * 2.1, fills[0], 'opacity=".35"') +
  circle(x, y, radius * 1.5, fills[1], 'opacity=".55"') +
  circle(x, y, radius, fills[2])

/** Wedges of light round a point. */
export function rays(x: number, y: number, count: number, reach: number, fill: string, opacity: number): string {
  return times(count, (index) => {
    const [from, to] = [index * 2, index * 2 + 1].map((step) => (step * Math.PI) / count)
    const edge = (angle = 0): string => `${x + Math.cos(angle) * reach},${y + Math.sin(angle) * reach}`
    return path(`M${x},${y}L${edge(from)}L${edge(to)}Z`, fill, `opacity="${opacity}"`)
  })
}

/** Water thrown up by something hard: strokes that fan out from a base, white over shade. */
export function burst(
  random: Random,
  x: number,
  y: number,
  width: number,
  rise: number,
  count: number,
  lean = 0,
): string {
  return [inks.pale, inks.mist, inks.cream, inks.cream, inks.pale]
    .map((fill, layer) =>
      times(Math.round(layer === 4 ? count / 7 : count / 4), () => {
        const out = random() + random() - 1
        const length = rise * between(random, 0.45, 1) * (1 - 0.55 * Math.abs(out)) * (1 - layer * 0.07)
        const angle = -90 + out * 46 + lean
        const turn = (angle * Math.PI) / 180
        const [footX, footY] = [x + (out * width) / 2, y + between(random, -4, 10)]
        const middle = length * 0.44
        return gouge(
          footX + Math.cos(turn) * middle,
          footY + Math.sin(turn) * middle,
          length,
          between(random, 6, 15) * (layer === 4 ? 0.35 : 0.5 + rise / 700),
          fill,
          angle,
        )
      }),
    )
    .join('')
}

/** Drops in the air. */
export const spray = (
  random: Random,
  x: number,
  y: number,
  count: number,
  spread: number,
  rise: number,
  fill: string,
): string =>
  times(count, () => {
    const out = random() + random() - 1
    return circle(x + out * spread, y - random() * rise * (1 - Math.abs(out) * 0.6), between(random, 1.2, 5), fill)
  })

/** A swell: one crest line with its own body, lit marks under the crest. */
export function swell(random: Random, id: string, points: Point[], fill: string, light: string, dark: string): string {
  const ys = points.map(([, y]) => y)
  const top = Math.min(...ys)
  const slope = (x: number): number => {
    const index = points.findIndex(([px]) => px > x)
    const [from, to] = [points[Math.max(0, index - 1)], points[Math.max(1, index)]]
    if (from === undefined || to === undefined) return 0
    return (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI
  }
  return (
    land(points, fill) +
    inside(
      id,
      landLine(points),
      gouges(random, {
        area: [-20, top, WIDTH + 40, 230],
        count: 110,
        length: [50, 190],
        thickness: [3, 8],
        fill: dark,
        turn: (x) => slope(x) * 0.8,
      }) +
        gouges(random, {
          area: [-20, top, WIDTH + 40, 170],
          count: 60,
          length: [40, 150],
          thickness: [2, 5],
          fill: light,
          turn: (x) => slope(x) * 0.9,
        }) +
        line(curve(points.map(([x, y]) => [x, y + 5])), light, 9),
    )
  )
}

/** The whole picture: hand-cut edges and the grain of the paper over everything. */
export function picture(content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<defs>
<filter id="cut" x="-2%" y="-2%" width="104%" height="104%"><feTurbulence type="fractalNoise" baseFrequency=".022" numOctaves="2" seed="4"/><feDisplacementMap in="SourceGraphic" scale="6" xChannelSelector="R" yChannelSelector="G"/></filter>
<filter id="grain" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency=".42" numOctaves="2" seed="11"/><feColorMatrix values="0 0 0 0 .03  0 0 0 0 .12  0 0 0 0 .17  0 0 0 -3.2 1.75"/></filter>
<filter id="fleck" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency=".11 .2" numOctaves="3" seed="29"/><feColorMatrix values="0 0 0 0 .98  0 0 0 0 .95  0 0 0 0 .88  0 0 0 12 -8.5"/></filter>
<radialGradient id="edge" cx=".5" cy=".46" r=".75"><stop offset=".62" stop-color="${inks.night}" stop-opacity="0"/><stop offset="1" stop-color="${inks.night}" stop-opacity=".3"/></radialGradient>
</defs>
<g filter="url(#cut)"><g transform="translate(-14 -8) scale(1.024)">${content}</g></g>
<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#edge)"/>
<rect width="${WIDTH}" height="${HEIGHT}" filter="url(#grain)" opacity=".055"/>
<rect width="${WIDTH}" height="${HEIGHT}" filter="url(#fleck)" opacity=".12"/>
</svg>`
}
