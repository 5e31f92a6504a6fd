/** Race day. */
import {
  at,
  bands,
  between,
  glitter,
  gouge,
  gouges,
  inks,
  land,
  line,
  path,
  rays,
  sea,
  seeded,
  sun,
  times,
} from './brush.ts'
import { gull, house, reflection, yacht } from './things.ts'

export function regatta(): string {
  const random = seeded(3)
  const fleet: [number, number, number, number, string][] = [
    [128, 432, 0.56, 6, yacht(inks.cream, inks.coral)],
    [462, 424, 0.5, 8, yacht(inks.ochre, inks.cream)],
    [812, 428, 0.54, 6, yacht(inks.cream, inks.blue)],
    [1140, 424, 0.5, 9, yacht(inks.coral, inks.sand)],
  ]
  const big: [number, number, number, number, string][] = [
    [300, 570, 1.5, 9, yacht(inks.coral, inks.cream, inks.cream, inks.cream)],
    [640, 600, 1.85, 12, yacht(inks.cream, inks.ochre, inks.rust, inks.blue)],
    [996, 556, 1.4, 8, yacht(inks.blue, inks.sand, inks.cream, inks.coral)],
  ]
  const rope = (x: number): number => 46 + 52 * (1 - ((x - 600) / 640) ** 2)
  return (
    bands(random, [
      [0, inks.pale],
      [130, inks.mist],
      [250, inks.sand],
    ]) +
    rays(240, 180, 26, 1200, inks.cream, 0.32) +
    sun(240, 180, 58, [inks.sand, inks.cream, inks.ochre]) +
    gouges(random, { area: [420, 90, 760, 130], count: 26, length: [120, 330], thickness: [5, 12], fill: inks.cream }) +
    land(
      [
        [-20, 372],
        [140, 338],
        [300, 352],
        [460, 376],
        [640, 384],
      ],
      inks.teal,
      400,
    ) +
    land(
      [
        [560, 386],
        [740, 356],
        [900, 330],
        [1060, 344],
        [1220, 300],
      ],
      inks.blue,
      400,
    ) +
    gouges(random, {
      area: [760, 344, 440, 40],
      count: 30,
      length: [40, 110],
      thickness: [2, 4],
      fill: inks.teal,
      turn: -6,
    }) +
    times(12, (index) =>
      house(random, 30 + index * 27, 388, 22, between(random, 14, 26), {
        wall: index % 2 ? inks.cream : inks.sand,
        roof: inks.coral,
      }),
    ) +
    sea(random, 386, [inks.pale, inks.teal, inks.blue], inks.mist) +
    fleet.map(([x, y, scale, turn, boat]) => at(x, y, at(0, 8, reflection(boat, 0.25)) + boat, scale, turn)).join('') +
    glitter(random, 240, 396, 660, 240, inks.sand) +
    at(
      846,
      548,
      path('M-17,10L-12,-48Q0,-58 12,-48L17,10Z', inks.coral) +
        path('M-15,-14L15,-14L16,-2L-16,-2Z', inks.cream) +
        line('M0,-52L0,-84', inks.night, 3) +
        path('M0,-84L26,-76L0,-66Z', inks.ochre),
      0.9,
      4,
    ) +
    big
      .map(
        ([x, y, scale, turn, boat]) => at(x, y + 6, reflection(boat, 0.22), scale, -turn) + at(x, y, boat, scale, turn),
      )
      .join('') +
    big
      .map(
        ([x, y, scale, turn]) =>
          at(x, y, gouge(-6, 11, 210, 7, inks.cream), scale, turn * 0.9) +
          times(8, (index) =>
            gouge(
              x + between(random, -120, 110) * scale,
              y + 20 + index * 8,
              between(random, 70, 180),
              4,
              index % 2 ? inks.mist : inks.deep,
            ),
          ),
      )
      .join('') +
    line(`M-10,${rope(-10)}${times(32, (index) => `L${index * 40},${rope(index * 40)}`)}`, inks.night, 3) +
    times(24, (index) => {
      const x = index * 52 + 6
      return path(
        `M${x},${rope(x)}L${x + 36},${rope(x + 36)}L${x + 20},${rope(x + 18) + 42}Z`,
        [inks.coral, inks.cream, inks.blue, inks.ochre][index % 4] ?? inks.coral,
      )
    }) +
    gull(830, 196, 1, inks.blue, -6) +
    gull(900, 236, 0.7, inks.blue, 8) +
    gull(450, 236, 0.7, inks.blue, 4)
  )
}
