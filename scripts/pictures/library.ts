/** The library on a wet evening. */
import {
  at,
  bands,
  between,
  circle,
  gouge,
  gouges,
  HEIGHT,
  inks,
  inside,
  line,
  path,
  rect,
  seeded,
  times,
  WIDTH,
} from './brush.ts'
import { house, person } from './things.ts'

export function library(): string {
  const random = seeded(41)
  const spines = [inks.coral, inks.rust, inks.cream, inks.blue, inks.teal, inks.dune, inks.deep]
  const books = (x: number, y: number, width: number): string => {
    let left = x
    return times(40, () => {
      const thick = between(random, 5, 10)
      const tall = between(random, 22, 33)
      const drawn =
        left + thick < x + width
          ? rect(left, y - tall, thick, tall, spines[Math.floor(random() * 7)] ?? inks.coral)
          : ''
      left += thick + 1
      return drawn
    })
  }
  const shape = (x: number): string =>
    `M${x - 58},470L${x - 58},296Q${x - 58},224 ${x},218Q${x + 58},224 ${x + 58},296L${x + 58},470Z`
  const window = (x: number, extra = ''): string =>
    path(shape(x), inks.ochre) +
    inside(
      `w${x}`,
      shape(x),
      rect(x - 70, 210, 140, 270, '#f3bb5c') +
        times(5, (row) => books(x - 62, 298 + row * 42, 124) + rect(x - 70, 298 + row * 42, 140, 6, inks.wood)) +
        extra,
    ) +
    path(shape(x), 'none', `stroke="${inks.cream}" stroke-width="9"`) +
    line(`M${x},222L${x},470M${x - 56},330L${x + 56},330`, inks.cream, 5) +
    rect(x - 68, 468, 136, 14, inks.dune)
  return (
    bands(random, [
      [0, inks.night],
      [130, inks.deep],
      [260, inks.blue],
      [380, inks.teal],
    ]) +
    gouges(random, { area: [0, 10, WIDTH, 170], count: 60, length: [120, 380], thickness: [4, 10], fill: inks.deep }) +
    times(4, (index) =>
      house(random, -30 + index * 46, 520, 46, 150 + (index % 2) * 46, {
        wall: inks.deep,
        roof: inks.night,
        lit: 0.35,
        gable: true,
        pane: inks.night,
      }),
    ) +
    times(4, (index) =>
      house(random, 1050 + index * 48, 520, 48, 190 - (index % 2) * 46, {
        wall: inks.deep,
        roof: inks.night,
        lit: 0.35,
        gable: index % 2 === 0,
        pane: inks.night,
      }),
    ) +
    rect(150, 186, 900, 340, inks.rust) +
    times(17, (row) =>
      times(31, (index) =>
        random() < 0.3 && index < 30
          ? rect(152 + index * 29.5 + (row % 2) * 12, 190 + row * 20, 26, 15, inks.wood, 'opacity=".42"')
          : '',
      ),
    ) +
    rect(134, 166, 932, 28, inks.dune) +
    path('M380,170L600,58L820,170Z', inks.dune) +
    path('M426,160L600,74L774,160Z', inks.rust) +
    circle(600, 128, 27, inks.cream) +
    line('M600,128L600,110M600,128L613,134', inks.night, 4) +
    [150, 1028].map((x) => rect(x, 190, 22, 336, inks.dune)).join('') +
    [455, 723].map((x) => rect(x, 190, 22, 336, inks.dune)).join('') +
    window(242) +
    window(386, path('M360,470L362,420Q390,400 418,420L420,470Z', inks.blue) + circle(390, 396, 17, inks.wood)) +
    window(816) +
    window(960, path('M924,470L926,428Q950,408 974,428L976,470Z', inks.deep) + circle(950, 406, 16, inks.night)) +
    path('M520,526L520,320Q520,236 600,232Q680,236 680,320L680,526Z', inks.cream) +
    path('M536,526L536,322Q536,250 600,248Q664,250 664,322L664,526Z', inks.deep) +
    path('M536,322Q536,250 600,248Q664,250 664,322Z', inks.ochre) +
    line('M600,250L600,526M600,322L562,262M600,322L638,262', inks.cream, 5) +
    rect(548, 340, 42, 160, inks.teal) +
    rect(610, 340, 42, 160, inks.teal) +
    path('M610,340L652,340L652,526L610,526Z', inks.ochre) +
    path('M610,526L652,526L700,600L590,600Z', inks.ochre, 'opacity=".4"') +
    rect(486, 520, 228, 14, inks.sand) +
    rect(462, 532, 276, 14, inks.dune) +
    path('M-20,540L1220,540L1220,690L-20,690Z', inks.night) +
    [248, 390, 810, 952]
      .map((x) =>
        times(11, (row) =>
          gouge(
            x + between(random, -26, 26),
            552 + row * 11,
            between(random, 60, 150),
            4,
            row % 3 ? inks.ochre : inks.coral,
          ),
        ),
      )
      .join('') +
    times(12, (row) => gouge(630 + between(random, -30, 30), 550 + row * 10, between(random, 60, 150), 4, inks.ochre)) +
    gouges(random, { area: [0, 550, WIDTH, 120], count: 70, length: [60, 200], thickness: [2, 5], fill: inks.blue }) +
    line('M96,560L96,300Q96,262 132,262', inks.night, 8) +
    circle(140, 288, 62, inks.ochre, 'opacity=".22"') +
    path('M122,268L158,268L164,304L116,304Z', inks.cream) +
    path('M116,268L164,268L140,250Z', inks.night) +
    at(770, 616, person(inks.coral, inks.sand, inks.wood, inks.teal), 1.35) +
    at(
      770,
      616,
      line('M18,-84L18,-150', inks.cream, 4) +
        path(
          'M-56,-142Q-44,-198 18,-200Q80,-198 92,-142Q74,-156 56,-142Q38,-156 18,-142Q-2,-156 -20,-142Q-38,-156 -56,-142Z',
          inks.blue,
        ) +
        path('M18,-200Q80,-198 92,-142Q74,-156 56,-142Q50,-176 18,-200Z', inks.teal),
      1,
    ) +
    at(420, 604, person(inks.ochre, '#8a5638', inks.cream, inks.blue), 0.8) +
    at(456, 610, person(inks.teal, inks.sand, inks.coral, inks.pale), 1.2) +
    times(60, () =>
      gouge(between(random, -20, WIDTH), between(random, -20, HEIGHT), between(random, 34, 80), 1.1, inks.mist, 104),
    )
  )
}
