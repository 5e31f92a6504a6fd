/** The loft where the programming club meets. */
import {
  at,
  bands,
  between,
  circle,
  gouges,
  inks,
  inside,
  land,
  line,
  path,
  rect,
  sea,
  seeded,
  times,
  WIDTH,
} from './brush.ts'
import { gull, trawler } from './things.ts'

export function codeClub(): string {
  const random = seeded(77)
  const pane = 'M600,52A196,196 0 1 1 599,52Z'
  const code: [number, number, string][][] = [
    [
      [0, 46, inks.coral],
      [54, 70, inks.cream],
    ],
    [
      [20, 60, inks.pale],
      [88, 34, inks.ochre],
      [130, 50, inks.cream],
    ],
    [
      [20, 38, inks.ochre],
      [66, 84, inks.mist],
    ],
    [
      [40, 90, inks.cream],
      [138, 40, inks.coral],
    ],
    [
      [40, 54, inks.pale],
      [102, 66, inks.ochre],
    ],
    [[20, 24, inks.coral]],
    [[0, 16, inks.cream]],
    [
      [0, 60, inks.ochre],
      [68, 92, inks.pale],
    ],
  ]
  const laptop = (rows: number): string =>
    path('M-136,-6L-124,-186Q-122,-194 -112,-194L112,-194Q122,-194 124,-186L136,-6Z', inks.night) +
    path('M-122,-16L-112,-180L112,-180L122,-16Z', inks.deep) +
    code
      .slice(0, rows)
      .map((row, index) =>
        row.map(([x, width, fill]) => rect(-96 + x, -166 + index * 19, width, 9, fill, 'rx="4"')).join(''),
      )
      .join('') +
    path('M-170,14L-140,-8L140,-8L170,14L166,24L-166,24Z', inks.pale) +
    path('M-170,14L170,14L166,24L-166,24Z', inks.teal) +
    path('M-120,-2L120,-2L128,6L-128,6Z', inks.blue)
  return (
    rect(-20, -20, WIDTH + 40, 720, inks.deep) +
    times(11, (index) => rect(index * 116 - 30, -20, 110, 560, index % 2 ? '#0b4159' : inks.deep)) +
    gouges(random, {
      area: [0, 0, WIDTH, 520],
      count: 90,
      length: [50, 160],
      thickness: [1.5, 3.5],
      fill: inks.night,
      turn: 90,
    }) +
    path('M-20,-20L300,-20L-20,250Z', inks.wood) +
    path('M1220,-20L900,-20L1220,250Z', inks.wood) +
    path('M300,-20L336,-20L-20,280L-20,250Z', inks.rust) +
    path('M900,-20L864,-20L1220,280L1220,250Z', inks.rust) +
    circle(600, 248, 216, inks.dune) +
    circle(600, 248, 206, inks.wood) +
    inside(
      'pane',
      pane,
      bands(
        random,
        [
          [0, inks.blue],
          [150, inks.teal],
          [230, '#f4c38f'],
          [286, inks.coral],
        ],
        20,
        30,
      ) +
        land(
          [
            [380, 300],
            [460, 284],
            [560, 306],
            [700, 300],
            [820, 280],
          ],
          inks.deep,
          330,
        ) +
        times(16, () => rect(between(random, 420, 780), between(random, 298, 312), 4, 5, inks.ochre)) +
        sea(random, 318, [inks.teal, inks.blue, inks.deep], inks.pale) +
        at(500, 372, trawler(inks.coral, inks.cream), 0.62) +
        at(690, 352, trawler(inks.cream, inks.ochre), 0.4) +
        circle(690, 130, 26, inks.sand) +
        gull(500, 170, 0.7, inks.cream, -6) +
        gull(550, 140, 0.5, inks.cream, 6),
    ) +
    line('M600,52L600,444M404,248L796,248', inks.dune, 9) +
    circle(600, 248, 20, inks.dune) +
    path(pane, 'none', `stroke="${inks.dune}" stroke-width="8"`) +
    rect(60, 330, 240, 12, inks.dune) +
    times(14, (index) => {
      const tall = 50 + ((index * 37) % 40)
      return rect(
        70 + index * 15,
        330 - tall,
        12,
        tall,
        [inks.coral, inks.teal, inks.cream, inks.rust, inks.ochre][index % 5] ?? inks.coral,
      )
    }) +
    rect(910, 330, 230, 12, inks.dune) +
    at(
      1030,
      322,
      path('M-74,-22L74,-26Q60,6 44,8L-50,8Q-66,4 -74,-22Z', inks.coral) +
        line('M0,-22L0,-150', inks.dune, 4) +
        path('M5,-36L62,-38Q44,-110 5,-146Z', inks.cream) +
        path('M-5,-132Q-18,-80 -54,-34L-5,-36Z', inks.sand),
    ) +
    path('M-20,520L1220,520L1220,690L-20,690Z', inks.rust) +
    rect(-20, 516, WIDTH + 40, 14, inks.coral) +
    gouges(random, { area: [0, 540, WIDTH, 130], count: 80, length: [80, 260], thickness: [2, 5], fill: inks.wood }) +
    path('M220,530L540,530L620,640L140,640Z', inks.ochre, 'opacity=".18"') +
    at(380, 530, laptop(8), 1.18) +
    at(800, 536, laptop(5), 1.06) +
    at(
      590,
      570,
      path('M-30,-62L30,-62L26,6Q0,16 -26,6Z', inks.cream) +
        path('M10,-62L30,-62L26,6Q18,10 10,11Z', inks.night, 'opacity=".14"') +
        line('M30,-48Q58,-44 54,-22Q48,-4 27,-8', inks.cream, 8) +
        path('M-29,-40L29,-40L28,-26L-28,-26Z', inks.blue) +
        line(
          'M-10,-76Q-20,-92 -8,-106Q2,-120 -8,-134M12,-76Q2,-92 12,-106Q22,-118 14,-132',
          inks.mist,
          4,
          'opacity=".7"',
        ),
    ) +
    at(
      1050,
      580,
      rect(-46, -26, 92, 34, inks.teal, 'rx="5"') +
        circle(-26, -10, 6, inks.ochre) +
        circle(-4, -10, 6, inks.coral) +
        rect(12, -18, 24, 16, inks.night) +
        times(6, (index) => rect(-40 + index * 14, 8, 6, 9, inks.dune)),
    ) +
    line('M1004,572Q940,640 880,610Q820,580 780,640Q740,690 700,660', inks.night, 6) +
    line('M1096,574Q1160,560 1150,480Q1144,420 1180,410', inks.night, 6) +
    at(
      180,
      600,
      path('M-70,0L60,-12L74,26L-62,40Z', inks.cream) +
        line('M-48,8L46,0M-46,17L30,10M-44,26L44,18', inks.teal, 3) +
        at(80, 12, rect(-50, -4, 84, 8, inks.ochre) + path('M34,-4L50,0L34,4Z', inks.night), 1, -30),
    )
  )
}
