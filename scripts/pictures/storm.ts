/** A sea breaks over the mole. */
import {
  at,
  bands,
  between,
  burst,
  circle,
  gouge,
  gouges,
  HEIGHT,
  inks,
  land,
  path,
  rect,
  seeded,
  spray,
  swell,
  times,
  WIDTH,
} from './brush.ts'
import { house } from './things.ts'

export function storm(): string {
  const random = seeded(5)
  return (
    bands(
      random,
      [
        [0, inks.night],
        [100, inks.deep],
        [220, inks.blue],
        [330, inks.teal],
        [400, inks.pale],
      ],
      60,
      80,
    ) +
    gouges(random, {
      area: [-60, 0, WIDTH + 120, 330],
      count: 90,
      length: [120, 420],
      thickness: [4, 12],
      fill: inks.deep,
      turn: -8,
    }) +
    gouges(random, {
      area: [-60, 120, WIDTH + 120, 260],
      count: 46,
      length: [100, 340],
      thickness: [3, 7],
      fill: inks.pale,
      turn: -8,
    }) +
    land(
      [
        [820, 430],
        [930, 380],
        [1040, 340],
        [1140, 322],
        [1220, 318],
      ],
      inks.deep,
      480,
    ) +
    times(5, (index) =>
      house(random, 950 + index * 52, 410 - index * 9, 44, between(random, 34, 54), {
        wall: index % 2 ? inks.sand : inks.mist,
        roof: inks.rust,
        lit: 0.7,
        gable: index % 2 === 0,
        pane: inks.deep,
      }),
    ) +
    path('M926,404L1220,360L1220,470L940,470Z', inks.dune) +
    gouges(random, {
      area: [950, 400, 260, 40],
      count: 40,
      length: [20, 40],
      thickness: [2, 3],
      fill: inks.wood,
      turn: -6,
    }) +
    swell(
      random,
      'far',
      [
        [-20, 380],
        [120, 420],
        [260, 404],
        [420, 430],
        [640, 420],
        [820, 440],
        [1000, 430],
        [1220, 450],
      ],
      inks.teal,
      inks.pale,
      inks.blue,
    ) +
    burst(random, 490, 470, 470, 450, 250, 8) +
    burst(random, 300, 470, 240, 210, 80, -4) +
    burst(random, 690, 470, 200, 190, 70, 12) +
    spray(random, 540, 210, 150, 380, 220, inks.cream) +
    spray(random, 740, 360, 60, 190, 220, inks.cream) +
    path('M-20,446L852,446L874,520L-20,560Z', inks.night) +
    path('M-20,440L858,440L858,456L-20,462Z', inks.dune) +
    times(5, (row) =>
      times(19, (index) =>
        rect(
          -30 + index * 46 + (row % 2) * 22,
          466 + row * 18,
          40,
          13,
          row % 2 ? inks.blue : inks.deep,
          `opacity="${0.6 + ((index * 7 + row * 3) % 4) * 0.1}"`,
        ),
      ),
    ) +
    at(
      770,
      442,
      path('M-26,0L-20,-126L20,-126L26,0Z', inks.cream) +
        path('M-24,-34L-22,-70L22,-70L24,-34Z', inks.coral) +
        path('M6,-126L20,-126L26,0L10,0Z', inks.night, 'opacity=".2"') +
        rect(-28, -136, 56, 11, inks.night) +
        rect(-15, -166, 30, 30, inks.ochre) +
        path('M-20,-164Q0,-196 20,-164Z', inks.rust) +
        circle(0, -150, 40, inks.ochre, 'opacity=".28"'),
    ) +
    swell(
      random,
      'near',
      [
        [-20, 500],
        [110, 474],
        [230, 514],
        [380, 540],
        [540, 500],
        [680, 470],
        [800, 520],
        [930, 500],
        [1060, 470],
        [1220, 506],
      ],
      inks.blue,
      inks.pale,
      inks.deep,
    ) +
    burst(random, 668, 492, 250, 84, 90, 10) +
    burst(random, 1066, 490, 190, 70, 60, 10) +
    burst(random, 120, 496, 180, 80, 60, 8) +
    swell(
      random,
      'front',
      [
        [-20, 590],
        [150, 560],
        [320, 604],
        [520, 630],
        [720, 584],
        [900, 566],
        [1080, 610],
        [1220, 640],
      ],
      inks.deep,
      inks.teal,
      inks.night,
    ) +
    times(56, () =>
      gouge(between(random, -20, WIDTH), between(random, 0, HEIGHT), between(random, 50, 120), 1.4, inks.mist, 158),
    )
  )
}
