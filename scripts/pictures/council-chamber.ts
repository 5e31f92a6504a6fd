/** The council chamber, with one visitor. */
import {
  at,
  between,
  circle,
  gouge,
  gouges,
  inks,
  inside,
  land,
  line,
  path,
  rect,
  seeded,
  sun,
  times,
  WIDTH,
} from './brush.ts'
import { standingGull, trawler } from './things.ts'

export function councilChamber(): string {
  const random = seeded(9)
  const arch = (x: number): string =>
    `M${x - 92},400L${x - 92},190Q${x - 92},92 ${x},84Q${x + 92},92 ${x + 92},190L${x + 92},400Z`
  const view = (x: number, id: string, extra: string): string =>
    inside(
      id,
      arch(x),
      rect(x - 100, 60, 200, 200, inks.pale) +
        rect(x - 100, 190, 200, 90, inks.sand) +
        rect(x - 100, 268, 200, 150, inks.teal) +
        extra +
        gouges(random, {
          area: [x - 90, 290, 180, 110],
          count: 18,
          length: [30, 80],
          thickness: [2, 4],
          fill: inks.pale,
        }),
    ) +
    path(arch(x), 'none', `stroke="${inks.cream}" stroke-width="11"`) +
    line(`M${x},88L${x},400M${x - 90},200L${x + 90},200M${x - 90},300L${x + 90},300`, inks.cream, 6) +
    rect(x - 108, 398, 216, 16, inks.dune)
  const chair = (x: number, y: number, scale: number): string =>
    at(
      x,
      y,
      path('M-34,40L-34,-40Q-32,-66 0,-66Q32,-66 34,-40L34,40Z', inks.rust) +
        path('M-24,36L-24,-36Q-22,-54 0,-54Q22,-54 24,-36L24,36Z', inks.coral) +
        path('M6,-54Q22,-54 24,-36L24,36L8,36Z', inks.night, 'opacity=".14"') +
        times(4, (index) => circle(-12 + (index % 2) * 24, -30 + Math.floor(index / 2) * 30, 2.6, inks.rust)) +
        rect(-32, 40, 8, 46, inks.night) +
        rect(24, 40, 8, 46, inks.night),
      scale,
    )
  const portrait = (x: number, coat: string, skin: string, hair: string): string =>
    rect(x - 50, 150, 100, 128, inks.ochre) +
    rect(x - 40, 160, 80, 108, inks.deep) +
    path(`M${x - 34},268Q${x - 30},228 ${x},226Q${x + 30},228 ${x + 34},268Z`, coat) +
    circle(x, 206, 20, skin) +
    path(`M${x - 22},206Q${x - 20},180 ${x},180Q${x + 20},180 ${x + 22},206Q${x},190 ${x - 22},206Z`, hair) +
    line(`M${x - 14},238Q${x},256 ${x + 14},238`, inks.ochre, 4)
  const lamp = (x: number): string =>
    line(`M${x},-10L${x},66`, inks.night, 4) +
    path(`M${x - 46},98Q${x - 40},64 ${x},62Q${x + 40},64 ${x + 46},98Z`, inks.coral) +
    path(`M${x - 30},98L${x + 30},98Q${x},116 ${x - 30},98Z`, inks.cream)
  return (
    rect(-20, -20, WIDTH + 40, 460, inks.blue) +
    gouges(random, {
      area: [0, 0, WIDTH, 420],
      count: 120,
      length: [40, 130],
      thickness: [1.5, 3.5],
      fill: inks.deep,
      turn: 90,
    }) +
    rect(-20, 0, WIDTH + 40, 26, inks.deep) +
    rect(-20, 26, WIDTH + 40, 7, inks.ochre) +
    view(
      330,
      'left',
      land(
        [
          [220, 286],
          [300, 262],
          [420, 276],
        ],
        inks.blue,
        300,
      ) + at(270, 330, trawler(inks.coral, inks.cream), 0.5),
    ) +
    view(
      600,
      'middle',
      sun(600, 236, 26, [inks.cream, inks.ochre, inks.coral]) +
        rect(500, 268, 200, 150, inks.teal) +
        times(9, (index) =>
          gouge(600 + between(random, -26, 26), 280 + index * 13, between(random, 40, 90), 3, inks.sand),
        ),
    ) +
    view(
      870,
      'right',
      rect(900, 170, 22, 120, inks.cream) +
        rect(900, 200, 22, 24, inks.coral) +
        rect(900, 246, 22, 24, inks.coral) +
        circle(911, 164, 12, inks.ochre) +
        land(
          [
            [770, 300],
            [860, 284],
            [980, 274],
          ],
          inks.deep,
          320,
        ),
    ) +
    portrait(118, inks.rust, inks.sand, inks.cream) +
    portrait(1082, inks.coral, '#8a5638', inks.night) +
    at(838, 400, standingGull(), 1.2) +
    rect(-20, 414, WIDTH + 40, 66, inks.wood) +
    times(14, (index) => rect(index * 88 + 4, 424, 72, 46, inks.rust, 'opacity=".45"')) +
    rect(-20, 412, WIDTH + 40, 6, inks.dune) +
    path('M-20,480L1220,480L1220,690L-20,690Z', inks.dune) +
    times(15, (index) =>
      line(`M${600 + (index - 7) * 70},480L${600 + (index - 7) * 190},690`, inks.wood, 2, 'opacity=".35"'),
    ) +
    [330, 600, 870]
      .map((x) =>
        path(
          `M${x - 80},480L${x + 90},480L${x + (x - 600) * 0.5 + 160},690L${x + (x - 600) * 0.5 - 120},690Z`,
          inks.cream,
          'opacity=".34"',
        ),
      )
      .join('') +
    [200, 300, 400]
      .map((x, index) => chair(x, 430 - index * 4, 0.74) + chair(1200 - x, 430 - index * 4, 0.74))
      .join('') +
    chair(500, 420, 0.74) +
    chair(700, 420, 0.74) +
    at(
      600,
      414,
      path('M-50,50L-50,-62Q-46,-102 0,-110Q46,-102 50,-62L50,50Z', inks.wood) +
        path('M-36,50L-36,-56Q-32,-84 0,-90Q32,-84 36,-56L36,50Z', inks.coral) +
        circle(0, -62, 13, inks.ochre) +
        path('M0,-72L3,-65L10,-62L3,-59L0,-52L-3,-59L-10,-62L-3,-65Z', inks.rust),
      0.86,
    ) +
    path('M118,470L1082,470L1180,566L1080,566Q600,500 120,566L20,566Z', inks.rust) +
    path('M118,470L1082,470L1094,482L106,482Z', inks.coral) +
    path('M20,566L120,566Q600,500 1080,566L1180,566L1180,640L1080,640Q600,560 120,640L20,640Z', inks.wood) +
    times(22, (index) => {
      const x = 140 + index * 44
      const y = 567 - 34 * (1 - ((x - 600) / 480) ** 2)
      return rect(x, y + 14, 4, 46, inks.night, 'opacity=".3"')
    }) +
    [180, 290, 400, 510, 690, 800, 910, 1020]
      .map((x, index) =>
        at(
          x,
          508 - Math.abs(600 - x) * -0.03,
          path('M-22,0L18,-4L26,14L-18,18Z', inks.cream) +
            line('M-12,4L14,1M-10,9L12,7', inks.pale, 2) +
            (index % 3 === 1 ? at(42, 4, path('M-7,0L-6,-18L6,-18L7,0Z', inks.pale)) : ''),
        ),
      )
      .join('') +
    at(
      600,
      510,
      path('M-30,8L-24,-12L24,-12L30,8Z', inks.ochre) +
        line('M-4,-16L30,-40', inks.wood, 7) +
        at(34, -42, rect(-16, -9, 32, 18, inks.night), 1, -34),
    ) +
    lamp(200) +
    lamp(465) +
    lamp(735) +
    lamp(1000)
  )
}
