/** The island ferry, homeward. */
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
  sun,
  times,
} from './brush.ts'
import { gull, house, reflection } from './things.ts'

export function ferry(): string {
  const passenger = (x: number, y: number, index: number): string =>
    at(
      x,
      y,
      path('M-5,0L-4,-16L4,-16L5,0Z', [inks.coral, inks.teal, inks.ochre][index % 3] ?? inks.coral) +
        circle(0, -21, 4.6, index % 4 === 2 ? '#8a5638' : '#e9b48a'),
      1.05,
    )
  const random = seeded(17)
  const hull = 'M-352,-56L330,-56Q372,-60 402,-84Q388,-16 344,30L-326,30Q-350,6 -352,-56Z'
  const ship =
    path('M-250,-56L-250,-112L232,-112L270,-56Z', inks.cream) +
    path('M-206,-112L-206,-160L176,-160L200,-112Z', inks.cream) +
    path('M86,-160L90,-204L164,-204L180,-160Z', inks.cream) +
    rect(-256, -118, 490, 8, inks.dune) +
    rect(-212, -166, 394, 8, inks.dune) +
    path('M84,-210L166,-210L172,-200L84,-200Z', inks.rust) +
    path(
      'M102,-194L120,-194L120,-174L102,-174ZM126,-194L144,-194L146,-174L126,-174ZM150,-194L158,-194L164,-174L152,-174Z',
      inks.night,
    ) +
    times(15, (index) => circle(-226 + index * 31, -84, 9, inks.blue)) +
    times(11, (index) => rect(-190 + index * 33, -148, 22, 24, inks.blue)) +
    path('M-120,-160L-108,-246L-38,-246L-40,-160Z', inks.coral) +
    path('M-110,-232L-39,-232L-39,-212L-113,-212Z', inks.cream) +
    path('M-62,-246L-38,-246L-40,-160L-60,-160Z', inks.night, 'opacity=".2"') +
    rect(-112, -254, 78, 10, inks.night) +
    line('M124,-204L124,-280M124,-262L100,-204M124,-262L160,-204M124,-270L-72,-252M330,-56L330,-120', inks.night, 3) +
    path('M330,-120L368,-112L330,-100Z', inks.coral) +
    path(hull, inks.blue) +
    inside(
      'hull',
      hull,
      rect(-380, 6, 820, 40, inks.rust) +
        rect(-380, 0, 820, 6, inks.cream) +
        gouges(random, {
          area: [-350, -50, 740, 80],
          count: 60,
          length: [50, 130],
          thickness: [2, 4],
          fill: inks.deep,
        }) +
        gouges(random, {
          area: [-350, -54, 740, 40],
          count: 24,
          length: [50, 130],
          thickness: [1, 3],
          fill: inks.teal,
        }),
    ) +
    path('M-352,-56L330,-56Q372,-60 402,-84L398,-70Q370,-46 330,-44L-351,-44Z', inks.cream) +
    path('M150,-112L232,-112L270,-56L180,-56ZM176,-160L200,-112L150,-112L140,-160Z', inks.night, 'opacity=".1"') +
    [-246, -232, -216, 190, 206, 222].map((x, index) => passenger(x, -118, index)).join('') +
    [-196, -180, -150, -136, -20, -6, 12, 40, 56].map((x, index) => passenger(x, -166, index + 1)).join('') +
    line('M-346,-58L-346,-84L-252,-84M-314,-58L-314,-84M-282,-58L-282,-84M-346,-84L-346,-122', inks.cream, 3.4) +
    path('M-346,-122L-388,-116L-346,-98Z', inks.coral)
  const smoke = [
    [540, 210, 26],
    [504, 184, 34],
    [454, 168, 40],
    [396, 148, 46],
    [326, 140, 42],
    [262, 120, 34],
    [204, 118, 24],
    [156, 104, 16],
  ]
  return (
    bands(random, [
      [0, inks.teal],
      [80, inks.pale],
      [180, inks.mist],
      [270, inks.sand],
      [336, '#f4c38f'],
    ]) +
    sun(1010, 250, 56, [inks.sand, inks.cream, inks.ochre]) +
    gouges(random, { area: [620, 60, 560, 110], count: 18, length: [140, 320], thickness: [6, 13], fill: inks.cream }) +
    land(
      [
        [600, 396],
        [700, 372],
        [780, 322],
        [880, 296],
        [960, 318],
        [1040, 356],
        [1140, 366],
        [1220, 388],
      ],
      inks.teal,
      420,
    ) +
    gouges(random, {
      area: [760, 330, 260, 56],
      count: 30,
      length: [30, 80],
      thickness: [2, 4],
      fill: inks.blue,
      turn: 22,
    }) +
    times(5, (index) =>
      house(random, 940 + index * 28, 396, 24, between(random, 14, 22), { wall: inks.cream, roof: inks.coral }),
    ) +
    rect(1084, 326, 9, 40, inks.cream) +
    circle(1088.5, 322, 5, inks.coral) +
    sea(random, 396, [inks.pale, inks.teal, inks.blue], inks.mist) +
    glitter(random, 1010, 404, 600, 190, inks.sand) +
    smoke.map(([x = 0, y = 0, radius = 0]) => circle(x + 6, y + radius * 0.3, radius * 0.95, '#a9cac6')).join('') +
    smoke.map(([x = 0, y = 0, radius = 0]) => circle(x, y, radius, inks.cream)).join('') +
    at(600, 500, at(0, 26, reflection(ship.replaceAll('hull', 'mirror'), 0.2)) + ship) +
    path('M1010,516Q960,540 900,540L240,544Q120,552 20,540Q120,536 230,526L880,530Q960,526 1010,516Z', inks.cream) +
    path('M-20,570Q120,548 300,552Q200,570 60,590L-20,600Z', inks.cream, 'opacity=".85"') +
    times(26, (index) =>
      gouge(
        between(random, 40, 960),
        548 + index * 4.4,
        between(random, 90, 240),
        4,
        index % 3 ? inks.deep : inks.mist,
      ),
    ) +
    spray(random, 990, 524, 40, 60, 44, inks.cream) +
    gull(300, 300, 1.2, inks.cream, -10) +
    gull(210, 250, 0.9, inks.cream, 8) +
    gull(140, 340, 1.3, inks.cream, -4) +
    gull(90, 230, 0.6, inks.cream, 6) +
    gull(390, 250, 0.7, inks.cream, 10) +
    gull(1090, 180, 0.8, inks.blue, -6)
  )
}
