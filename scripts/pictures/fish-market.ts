/** Two stalls of the fish market. */
import {
  at,
  bands,
  between,
  circle,
  gouges,
  HEIGHT,
  inks,
  inside,
  land,
  line,
  path,
  rect,
  seeded,
  times,
  WIDTH,
} from './brush.ts'
import { gull, house, standingGull } from './things.ts'

export function fishMarket(): string {
  const random = seeded(33)
  const fish = (back: string, belly: string): string =>
    path('M-46,0Q-18,-22 22,-14Q36,-10 44,0Q36,9 22,13Q-18,20 -46,0Z', belly) +
    path('M-46,0Q-18,-22 22,-14Q36,-10 44,0Q10,-4 -46,0Z', back) +
    path('M-38,0L-66,-18Q-58,0 -66,17Z', back) +
    circle(32, -4, 3, inks.night) +
    line('M20,-10Q15,0 20,9M8,-10Q3,0 8,8M-4,-10Q-9,-1 -4,7M-16,-8Q-20,-1 -16,5', inks.cream, 1.6, 'opacity=".7"')
  const crate = (x: number, back: string, belly: string): string => {
    const d = `M${x + 20},430L${x + 296},430L${x + 316},560L${x},560Z`
    return (
      path(d, inks.cream) +
      inside(
        `crate${x}`,
        d,
        times(40, () =>
          circle(
            x + between(random, 0, 316),
            between(random, 430, 560),
            between(random, 5, 14),
            random() < 0.5 ? inks.mist : '#ffffff',
          ),
        ) +
          times(9, (index) =>
            at(
              x + 66 + (index % 3) * 94 + between(random, -8, 8),
              452 + Math.floor(index / 3) * 42,
              fish(back, belly),
              1 + Math.floor(index / 3) * 0.1,
              between(random, -14, -4),
            ),
          ),
      ) +
      path(`M${x - 6},556L${x + 322},556L${x + 316},612L${x},612Z`, inks.dune) +
      rect(x, 574, 316, 4, inks.wood, 'opacity=".5"') +
      rect(x + 2, 594, 314, 3, inks.wood, 'opacity=".5"') +
      path(`M${x + 20},430L${x + 27},430L${x + 6},560L${x},560Z`, inks.wood) +
      path(`M${x + 296},430L${x + 289},430L${x + 310},560L${x + 316},560Z`, inks.wood)
    )
  }
  const monger = (coat: string, apron: string, skin: string, hat: string): string =>
    path('M-66,120L-60,-20Q-54,-58 0,-60Q54,-58 60,-20L66,120Z', coat) +
    path('M-36,120L-34,-30L34,-30L36,120Z', apron) +
    path('M20,-58Q54,-54 60,-20L66,120L40,120Z', inks.night, 'opacity=".16"') +
    line('M-30,-30L-18,-58M30,-30L18,-58', apron, 7) +
    rect(-14, -76, 28, 24, skin) +
    circle(0, -98, 34, skin) +
    path('M8,-131Q34,-124 34,-98Q32,-74 10,-65Q22,-98 8,-131Z', inks.night, 'opacity=".12"') +
    path('M-37,-104Q-34,-142 0,-142Q34,-142 37,-104Q0,-114 -37,-104Z', hat) +
    circle(-12, -95, 3.4, inks.night) +
    circle(13, -95, 3.4, inks.night) +
    line('M-11,-79Q1,-70 13,-79', inks.rust, 3.4)
  const awning = times(12, (index) => {
    const [left, right] = [index * 104 - 24, index * 104 + 80]
    return path(
      `M${left + 22},-20L${right + 22 - 4},-20L${right},116Q${(left + right) / 2},168 ${left},116Z`,
      index % 2 ? inks.cream : inks.coral,
    )
  })
  return (
    bands(random, [
      [0, inks.pale],
      [180, inks.mist],
      [300, inks.sand],
    ]) +
    times(6, (index) =>
      line(
        `M${90 + index * 210},420L${90 + index * 210},${150 + (index % 3) * 26}M${90 + index * 210},200L${30 + index * 210},380M${90 + index * 210},200L${160 + index * 210},380`,
        inks.teal,
        4,
      ),
    ) +
    land(
      [
        [-20, 372],
        [180, 356],
        [420, 366],
        [700, 350],
        [960, 362],
        [1220, 344],
      ],
      inks.teal,
    ) +
    times(14, (index) =>
      house(random, -10 + index * 88, 398, 62, between(random, 36, 64), {
        wall: index % 2 ? inks.pale : inks.mist,
        roof: inks.blue,
        gable: index % 3 === 0,
        pane: inks.teal,
      }),
    ) +
    rect(-20, 392, WIDTH + 40, 300, inks.deep) +
    at(330, 330, monger(inks.blue, inks.cream, '#e9b48a', inks.night), 1.12) +
    at(806, 326, monger(inks.ochre, inks.deep, '#8a5638', inks.coral), 1.12) +
    at(
      404,
      352,
      line('M0,0Q30,40 86,26', inks.blue, 30) +
        circle(92, 24, 15, '#e9b48a') +
        at(146, 14, fish(inks.coral, inks.sand), 1.25, -10),
    ) +
    rect(-20, 414, WIDTH + 40, 22, inks.wood) +
    rect(-20, 414, WIDTH + 40, 6, inks.dune) +
    path('M-20,436L1220,436L1220,690L-20,690Z', inks.blue) +
    gouges(random, { area: [0, 612, WIDTH, 60], count: 60, length: [40, 140], thickness: [2, 5], fill: inks.deep }) +
    crate(64, inks.blue, inks.mist) +
    crate(442, inks.coral, inks.sand) +
    crate(820, inks.teal, inks.cream) +
    at(
      602,
      176,
      line('M0,-60L0,20', inks.night, 5) +
        circle(0, 44, 40, inks.night) +
        circle(0, 44, 32, inks.cream) +
        line('M0,44L16,22', inks.coral, 5) +
        times(8, (index) => {
          const turn = (index * Math.PI) / 4
          return line(
            `M${Math.cos(turn) * 25},${44 + Math.sin(turn) * 25}L${Math.cos(turn) * 29},${44 + Math.sin(turn) * 29}`,
            inks.night,
            3,
          )
        }) +
        line('M-40,120L0,84L40,120', inks.night, 3) +
        path('M-56,120L56,120Q40,146 0,146Q-40,146 -56,120Z', inks.dune),
    ) +
    awning +
    rect(-20, -20, WIDTH + 40, 40, inks.rust) +
    path('M-20,20L1220,20L1220,58L-20,40Z', inks.night, 'opacity=".14"') +
    at(1064, 416, standingGull(), 1.5) +
    gull(120, 250, 1, inks.cream, -8) +
    gull(560, 300, 0.6, inks.cream, 8) +
    gull(990, 226, 0.8, inks.cream, 6) +
    rect(0, HEIGHT - 30, WIDTH, 40, inks.night, 'opacity=".4"')
  )
}
