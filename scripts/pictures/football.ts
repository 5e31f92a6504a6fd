/** A shot at goal under floodlights. */
import {
  at,
  bands,
  between,
  circle,
  gouge,
  gouges,
  HEIGHT,
  inks,
  land,
  line,
  path,
  rect,
  seeded,
  times,
  WIDTH,
} from './brush.ts'
import { gull } from './things.ts'

export function football(): string {
  const random = seeded(55)
  const mast = (x: number, base: number, top: number, scale: number): string =>
    line(`M${x - 10 * scale},${base}L${x - 4},${top}M${x + 10 * scale},${base}L${x + 4},${top}`, inks.night, 5) +
    times(6, (index) => {
      const y = top + 30 + index * ((base - top - 40) / 6)
      return line(`M${x - 5 - index},${y}L${x + 5 + index},${y + 18}`, inks.night, 2.4)
    }) +
    at(
      x,
      top,
      rect(-58, -46, 116, 54, inks.night) +
        times(8, (index) => circle(-42 + (index % 4) * 28, -32 + Math.floor(index / 4) * 26, 10, inks.cream)),
      scale,
    )
  const beam = (x: number, y: number, left: number, right: number): string =>
    path(`M${x - 50},${y}L${x + 50},${y}L${right},620L${left},620Z`, inks.sand, 'opacity=".11"')
  const limb = (d: string, fill: string, width: number): string => line(d, fill, width)
  const striker =
    limb('M-4,-84L-36,-64L-58,-84', inks.rust, 12) +
    limb('M10,-84L46,-92L66,-66', inks.coral, 12) +
    limb('M-6,-36L-34,-6L-72,8', inks.night, 16) +
    limb('M6,-36L40,-30L78,-58', inks.night, 16) +
    limb('M-50,2L-72,8L-80,16', inks.coral, 13) +
    limb('M60,-46L78,-58L90,-54', inks.coral, 13) +
    path('M-20,-34L-16,-92Q0,-106 20,-92L18,-34Z', inks.coral) +
    rect(-18, -74, 37, 12, inks.cream) +
    circle(8, -116, 16, '#8a5638')
  const keeper =
    limb('M26,-24L78,-52L124,-84', inks.ochre, 14) +
    limb('M22,-36L66,-74L100,-106', inks.ochre, 14) +
    limb('M-40,6L-84,10L-122,-10', inks.night, 16) +
    limb('M-40,16L-80,36L-120,44', inks.night, 16) +
    path('M-48,-4L22,-46Q42,-40 38,-18L-34,28Z', inks.ochre) +
    circle(52, -52, 16, inks.sand) +
    path('M36,-56Q42,-72 56,-70Q68,-66 68,-56Q52,-62 36,-56Z', inks.wood) +
    circle(126, -86, 10, inks.cream) +
    circle(104, -108, 10, inks.cream)
  const net = (left: number, top: number, right: number, bottom: number): string => {
    const down = times(14, (index) =>
      line(
        `M${left + ((right - left) / 13) * index},${top}L${left + 34 + ((right - left - 50) / 13) * index},${bottom - 16}`,
        inks.cream,
        1.6,
        'opacity=".6"',
      ),
    )
    const across = times(9, (index) =>
      line(
        `M${left + index * 4},${top + ((bottom - top - 10) / 8) * index}L${right - index * 2},${top + ((bottom - top - 10) / 8) * index}`,
        inks.cream,
        1.6,
        'opacity=".6"',
      ),
    )
    return down + across
  }
  return (
    bands(random, [
      [0, inks.night],
      [150, '#082c3e'],
      [250, inks.deep],
    ]) +
    times(60, () => circle(between(random, 0, WIDTH), between(random, 0, 200), between(random, 0.8, 2), inks.cream)) +
    circle(600, 104, 42, inks.sand) +
    circle(618, 94, 38, inks.night) +
    times(6, (index) =>
      line(
        `M${420 + index * 74},330L${420 + index * 74},${218 + (index % 3) * 22}M${420 + index * 74},240L${396 + index * 74},320M${420 + index * 74},240L${446 + index * 74},320`,
        inks.teal,
        3,
      ),
    ) +
    land(
      [
        [-20, 320],
        [200, 296],
        [420, 318],
        [700, 306],
        [960, 292],
        [1220, 312],
      ],
      '#082c3e',
      420,
    ) +
    beam(110, 110, -60, 620) +
    beam(1090, 110, 580, 1260) +
    beam(400, 190, 200, 700) +
    beam(800, 190, 500, 1000) +
    mast(400, 340, 190, 0.6) +
    mast(800, 340, 190, 0.6) +
    mast(110, 400, 110, 1) +
    mast(1090, 400, 110, 1) +
    path('M-20,318L1220,318L1220,430L-20,430Z', inks.blue) +
    path('M-20,296L1220,296L1220,324L-20,324Z', inks.rust) +
    times(13, (index) => rect(index * 100 - 6, 322, 6, 100, inks.night)) +
    times(4, (row) =>
      times(60, (index) => {
        const x = index * 20.4 + (row % 2) * 10
        return random() < 0.88
          ? circle(x, 348 + row * 19, 7.2, ['#e9b48a', inks.sand, '#8a5638'][Math.floor(random() * 3)] ?? inks.sand) +
              path(
                `M${x - 9},${366 + row * 19}Q${x},${348 + row * 19} ${x + 9},${366 + row * 19}Z`,
                [inks.coral, inks.cream, inks.ochre, inks.teal, inks.coral][Math.floor(random() * 5)] ?? inks.coral,
              )
          : ''
      }),
    ) +
    rect(-20, 416, WIDTH + 40, 34, inks.cream) +
    times(9, (index) =>
      rect(index * 140 - 10, 420, 128, 26, [inks.coral, inks.blue, inks.ochre][index % 3] ?? inks.coral),
    ) +
    rect(-20, 448, WIDTH + 40, 240, inks.teal) +
    times(8, (index) =>
      index % 2
        ? ''
        : path(
            `M${600 + (index - 4) * 190},448L${600 + (index - 3) * 190},448L${600 + (index - 3) * 330},690L${600 + (index - 4) * 330},690Z`,
            '#338a99',
          ),
    ) +
    gouges(random, {
      area: [0, 460, WIDTH, 210],
      count: 90,
      length: [20, 60],
      thickness: [2, 4],
      fill: inks.blue,
      near: true,
    }) +
    line('M-20,512L1220,512', inks.cream, 5) +
    line('M724,512L640,612L1240,612', inks.cream, 5) +
    net(812, 240, 1150, 506) +
    at(938, 400, keeper, 1.06) +
    line('M806,512L806,232L1156,232L1156,512', inks.cream, 12) +
    at(330, 590, path('M-110,6Q0,-8 120,6Q0,20 -110,6Z', inks.night, 'opacity=".35"') + at(0, -12, striker, 1.75)) +
    at(
      660,
      330,
      circle(0, 0, 24, inks.cream) +
        path('M0,-9L9,-3L6,8L-6,8L-9,-3Z', inks.night) +
        line('M0,-9L0,-22M9,-3L21,-8M6,8L13,19M-6,8L-13,19M-9,-3L-21,-8', inks.night, 3),
    ) +
    [0, 1, 2]
      .map((index) => gouge(570 - index * 34, 372 + index * 24 + index * 6, 90 - index * 10, 3.4, inks.cream, -30))
      .join('') +
    gull(250, 180, 0.8, inks.cream, -8) +
    rect(0, HEIGHT - 16, WIDTH, 20, inks.night, 'opacity=".25"')
  )
}
