/** The light on the headland at dusk. */
import {
  at,
  bands,
  between,
  circle,
  glitter,
  gouge,
  gouges,
  inks,
  inside,
  land,
  line,
  path,
  rect,
  sea,
  seeded,
  spray,
  times,
  WIDTH,
} from './brush.ts'
import { gull, reflection } from './things.ts'

export function lighthouse(): string {
  const random = seeded(21)
  const tower = 'M728,470L748,150L812,150L832,470Z'
  const beam = (to: string, opacity: number): string => path(`M780,112L${to}Z`, inks.sand, `opacity="${opacity}"`)
  return (
    bands(random, [
      [0, inks.night],
      [110, inks.deep],
      [210, inks.blue],
      [300, inks.teal],
      [372, inks.pale],
      [412, '#f4c38f'],
    ]) +
    times(70, () => circle(between(random, 0, WIDTH), between(random, 0, 260), between(random, 0.8, 2.4), inks.cream)) +
    beam('-40,150L-40,-60', 0.22) +
    beam('-40,112L-40,10', 0.3) +
    beam('1260,170L1260,20', 0.3) +
    beam('1260,140L1260,60', 0.28) +
    land(
      [
        [-20, 436],
        [90, 420],
        [190, 428],
        [300, 452],
      ],
      inks.teal,
      460,
    ) +
    sea(random, 446, [inks.teal, inks.blue, inks.deep], inks.pale) +
    glitter(random, 250, 452, 660, 210, inks.sand) +
    at(236, 500, reflection(yacht()) + yacht(), 0.5, -3) +
    land(
      [
        [470, 690],
        [540, 590],
        [600, 520],
        [680, 474],
        [800, 462],
        [930, 470],
        [1010, 500],
        [1090, 520],
        [1220, 528],
      ],
      inks.night,
    ) +
    land(
      [
        [560, 690],
        [640, 570],
        [720, 520],
        [860, 500],
        [960, 540],
        [1060, 560],
        [1220, 590],
      ],
      inks.deep,
    ) +
    gouges(random, {
      area: [640, 500, 560, 170],
      count: 80,
      length: [30, 110],
      thickness: [3, 6],
      fill: inks.teal,
      turn: (x) => (x < 760 ? -48 : 14),
    }) +
    gouges(random, {
      area: [690, 540, 520, 140],
      count: 40,
      length: [30, 90],
      thickness: [3, 6],
      fill: inks.night,
      turn: (x) => (x < 760 ? -50 : 12),
    }) +
    path('M862,474L862,420L980,420L980,484Z', inks.cream) +
    path('M952,420L980,420L980,484L952,484Z', inks.night, 'opacity=".2"') +
    path('M850,424L874,386L966,386L992,424Z', inks.rust) +
    rect(940, 366, 14, 30, inks.wood) +
    rect(880, 436, 18, 20, inks.ochre) +
    rect(918, 436, 18, 20, inks.ochre) +
    path(tower, inks.cream) +
    inside(
      'tower',
      tower,
      rect(700, 206, 160, 56, inks.coral) +
        rect(700, 318, 160, 56, inks.coral) +
        rect(700, 430, 160, 60, inks.coral) +
        path('M792,140L840,140L840,480L806,480Z', inks.night, 'opacity=".22"') +
        gouges(random, {
          area: [786, 150, 50, 320],
          count: 60,
          length: [16, 40],
          thickness: [1.5, 2.5],
          fill: inks.deep,
        }),
    ) +
    rect(771, 222, 14, 24, inks.night) +
    rect(771, 284, 14, 24, inks.blue) +
    rect(771, 334, 14, 24, inks.night) +
    path('M766,472L766,446Q780,430 794,446L794,472Z', inks.night) +
    rect(734, 140, 92, 13, inks.night) +
    line('M738,140L738,122M822,140L822,122M736,124L824,124M760,140L760,124M800,140L800,124', inks.night, 3) +
    rect(757, 88, 46, 52, inks.ochre) +
    rect(770, 88, 20, 52, inks.cream) +
    line('M757,88L757,140M780,88L780,140M803,88L803,140', inks.night, 3) +
    path('M748,92Q780,38 812,92Z', inks.rust) +
    line('M780,64L780,42', inks.night, 4) +
    circle(780, 114, 46, inks.sand, 'opacity=".28"') +
    times(16, (index) =>
      gouge(
        508 - index * 1.5 + between(random, -50, 24),
        604 + index * 5,
        between(random, 50, 150),
        5,
        index % 3 ? inks.pale : inks.mist,
      ),
    ) +
    spray(random, 514, 610, 16, 60, 44, inks.cream) +
    gull(430, 270, 0.9, inks.cream, -8) +
    gull(500, 236, 0.65, inks.cream, 6) +
    gull(1060, 330, 0.8, inks.cream, 4)
  )
}

const yacht = (): string =>
  line('M0,-10L0,-200', inks.night, 4) +
  path('M6,-24L70,-24Q50,-120 6,-196Z', inks.coral) +
  path('M-6,-180Q-20,-90 -58,-22L-8,-24Z', inks.cream) +
  path('M-78,-14L84,-16Q74,8 52,10L-44,10Q-66,6 -78,-14Z', inks.night)
