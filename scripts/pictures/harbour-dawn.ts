/** The harbour at sunrise. */
import {
  at,
  bands,
  between,
  circle,
  glitter,
  gouge,
  gouges,
  inks,
  land,
  line,
  path,
  rays,
  rect,
  sea,
  seeded,
  sun,
  times,
} from './brush.ts'
import { gull, house, reflection, standingGull, trawler } from './things.ts'

export function harbourDawn(): string {
  const random = seeded(7)
  const walls = [inks.cream, inks.sand, inks.pale, inks.coral, inks.mist, inks.dune]
  const roofs = [inks.deep, inks.rust, inks.blue, inks.wood]
  const row = (x: number, base: number, count: number, low: number, high: number): string => {
    let left = x
    return times(count, (index) => {
      const width = between(random, 44, 66)
      const look = {
        wall: walls[(index * 5 + count) % 6] ?? inks.cream,
        roof: roofs[(index * 3 + 1) % 4] ?? inks.rust,
        lit: 0.3,
        gable: index % 3 === 1,
      }
      const drawn = house(random, left, base, width, between(random, low, high), look)
      left += width + 1
      return drawn
    })
  }
  const boats = [
    { x: 470, y: 520, scale: 1.15, boat: trawler(inks.coral, inks.cream) },
    { x: 800, y: 470, scale: 0.72, boat: trawler(inks.blue, inks.sand) },
    { x: 960, y: 590, scale: 1.35, boat: trawler(inks.deep, inks.ochre) },
  ]
  return (
    bands(random, [
      [0, inks.pale],
      [90, inks.mist],
      [180, inks.sand],
      [262, '#f4c38f'],
      [322, inks.coral],
    ]) +
    rays(840, 372, 22, 900, inks.cream, 0.13) +
    sun(840, 366, 62, [inks.ochre, inks.sand, inks.cream]) +
    land(
      [
        [520, 372],
        [640, 352],
        [760, 362],
        [900, 346],
        [1040, 318],
        [1130, 330],
        [1220, 310],
      ],
      '#c98a74',
      400,
    ) +
    land(
      [
        [880, 376],
        [1000, 366],
        [1090, 344],
        [1220, 346],
      ],
      inks.teal,
      400,
    ) +
    sea(random, 376, [inks.pale, inks.teal, inks.blue], inks.mist) +
    glitter(random, 840, 384, 640, 240, inks.sand) +
    path('M624,392L1220,380L1220,404L618,404Z', inks.deep) +
    gouges(random, { area: [640, 388, 580, 12], count: 30, length: [20, 60], thickness: [1, 2], fill: inks.teal }) +
    at(
      646,
      394,
      rect(-8, -54, 16, 54, inks.cream) +
        rect(-8, -38, 16, 12, inks.coral) +
        path('M-12,-52L12,-52L6,-64L-6,-64Z', inks.rust) +
        circle(0, -68, 5, inks.ochre),
    ) +
    land(
      [
        [-20, 214],
        [80, 186],
        [190, 196],
        [300, 244],
        [410, 318],
        [500, 372],
        [590, 396],
      ],
      inks.teal,
      398,
    ) +
    gouges(random, {
      area: [-10, 236, 330, 120],
      count: 40,
      length: [20, 70],
      thickness: [2, 4],
      fill: inks.blue,
      turn: 18,
    }) +
    row(-24, 330, 4, 66, 100) +
    row(-40, 400, 6, 64, 96) +
    path('M-20,394L430,394L446,470L-20,490Z', inks.dune) +
    gouges(random, { area: [-10, 402, 440, 70], count: 70, length: [18, 40], thickness: [2, 3], fill: inks.wood }) +
    path('M-20,388L432,388L432,400L-20,402Z', inks.sand) +
    boats.map(({ x, y, scale, boat }) => at(x, y, reflection(boat) + boat, scale)).join('') +
    boats
      .map(({ x, y, scale }) =>
        times(7, (index) =>
          gouge(
            x + scale * between(random, 0, 210),
            y + 6 + index * 9 * scale,
            between(random, 60, 170) * scale,
            3.4,
            index % 2 ? inks.pale : inks.blue,
          ),
        ),
      )
      .join('') +
    path('M-20,600L330,624L420,690L-20,690Z', inks.night) +
    gouges(random, {
      area: [-10, 626, 330, 50],
      count: 24,
      length: [30, 80],
      thickness: [2, 4],
      fill: inks.blue,
      turn: 5,
    }) +
    at(
      196,
      626,
      path('M-24,0L-20,-48L-32,-56L-32,-66L32,-66L32,-56L20,-48L24,0Z', inks.night) +
        gouge(-8, -30, 46, 3, inks.teal, 90),
    ) +
    line('M178,598Q186,604 210,598Q330,640 478,484', inks.sand, 5) +
    at(198, 560, standingGull(), 1.05) +
    gull(640, 200, 1.1, inks.cream, -6) +
    gull(720, 150, 0.8, inks.cream, 8) +
    gull(560, 130, 0.6, inks.cream) +
    gull(1010, 220, 0.7, inks.blue, -10)
  )
}
