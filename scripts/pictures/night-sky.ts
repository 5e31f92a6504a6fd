/** Watching meteors from the hill. */
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
  rect,
  sea,
  seeded,
  times,
  WIDTH,
} from './brush.ts'
import { person } from './things.ts'

export function nightSky(): string {
  const random = seeded(64)
  const radiant = { x: 860, y: 150 }
  const meteor = (angle: number, from: number, length: number, thickness: number): string => {
    const turn = (angle * Math.PI) / 180
    const [dx, dy] = [Math.cos(turn), Math.sin(turn)]
    const [x, y] = [radiant.x + dx * from, radiant.y + dy * from]
    const [tipX, tipY] = [x + dx * length, y + dy * length]
    return (
      path(
        `M${x},${y}L${tipX - dy * thickness},${tipY + dx * thickness}L${tipX + dy * thickness},${tipY - dx * thickness}Z`,
        inks.sand,
      ) + circle(tipX, tipY, thickness * 1.25, inks.cream)
    )
  }
  const band = times(420, () => {
    const along = random()
    const spread = (random() + random() + random() - 1.5) * 150
    return circle(
      -40 + along * 1000 + spread * 0.6,
      480 - along * 560 + spread,
      between(random, 0.7, 2.2),
      random() < 0.15 ? inks.ochre : inks.cream,
    )
  })
  const star = (x: number, y: number, size: number): string =>
    path(
      `M${x},${y - size}L${x + size * 0.2},${y - size * 0.2}L${x + size},${y}L${x + size * 0.2},${y + size * 0.2}L${x},${y + size}L${x - size * 0.2},${y + size * 0.2}L${x - size},${y}L${x - size * 0.2},${y - size * 0.2}Z`,
      inks.cream,
    )
  return (
    bands(random, [
      [0, inks.night],
      [230, '#082c3e'],
      [330, inks.deep],
      [420, inks.blue],
      [480, inks.teal],
    ]) +
    times(120, () => {
      const along = random()
      const spread = (random() + random() - 1) * 90
      return gouge(
        -40 + along * 1000 + spread * 0.6,
        480 - along * 560 + spread,
        between(random, 50, 190),
        between(random, 3, 7),
        along % 0.2 < 0.1 ? '#0c4459' : inks.deep,
        -30,
      )
    }) +
    band +
    times(130, () =>
      circle(between(random, 0, WIDTH), between(random, 0, 430), between(random, 0.8, 2.4), inks.cream),
    ) +
    [
      [180, 90, 13],
      [420, 60, 9],
      [1060, 240, 15],
      [700, 330, 8],
      [1130, 80, 9],
      [300, 220, 8],
      [960, 380, 8],
      [560, 190, 10],
    ]
      .map(([x = 0, y = 0, size = 0]) => star(x, y, size))
      .join('') +
    meteor(150, 110, 330, 3.2) +
    meteor(112, 120, 190, 2.4) +
    meteor(38, 120, 210, 2.6) +
    meteor(186, 190, 230, 2.4) +
    meteor(72, 160, 120, 2) +
    sea(random, 508, [inks.teal, inks.blue, inks.deep], inks.teal) +
    land(
      [
        [760, 520],
        [860, 492],
        [960, 486],
        [1080, 462],
        [1220, 470],
      ],
      inks.night,
      540,
    ) +
    times(26, () =>
      rect(between(random, 880, 1190), between(random, 494, 522), 4, 5, random() < 0.7 ? inks.ochre : inks.coral),
    ) +
    times(7, (index) => glitter(random, 900 + index * 46, 536, 600, 26, inks.ochre)) +
    land(
      [
        [-20, 500],
        [90, 486],
        [230, 508],
        [390, 560],
        [560, 596],
        [760, 626],
        [960, 660],
        [1100, 690],
      ],
      '#041722',
    ) +
    gouges(random, {
      area: [-10, 550, 640, 120],
      count: 46,
      length: [24, 90],
      thickness: [2, 4],
      fill: inks.deep,
      turn: 14,
    }) +
    at(236, 512, person(inks.coral, inks.dune, inks.cream), 1.05) +
    at(
      300,
      532,
      line('M0,-60L-26,0M0,-60L26,4M0,-60L2,4', inks.pale, 4) +
        at(
          0,
          -66,
          path('M-62,-9L70,-14L70,14L-62,9Z', inks.cream) +
            path('M-62,0L70,2L70,14L-62,9Z', inks.night, 'opacity=".25"') +
            rect(64, -17, 14, 34, inks.coral),
          1,
          -34,
        ),
    ) +
    at(160, 498, person(inks.ochre, inks.sand, inks.blue), 0.7) +
    at(402, 566, person(inks.rust, inks.sand, inks.cream), 0.95) +
    at(438, 574, person(inks.cream, inks.dune, inks.coral), 0.62)
  )
}
