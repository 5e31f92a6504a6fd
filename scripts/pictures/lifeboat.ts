/** A lifeboat goes out to a yacht at night. */
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
  line,
  path,
  rect,
  seeded,
  spray,
  swell,
  times,
  WIDTH,
} from './brush.ts'
import { yacht } from './things.ts'

export function lifeboat(): string {
  const random = seeded(12)
  const boat =
    line('M-20,-118L-20,-196M-20,-186L40,-122M-20,-150L-52,-150', inks.cream, 4) +
    circle(-20, -200, 7, inks.ochre) +
    path('M-104,-62L-84,-116L48,-116L84,-62Z', inks.coral) +
    path('M-76,-70L-64,-104L-34,-104L-34,-70Z', inks.night) +
    path('M-22,-70L-22,-104L12,-104L12,-70Z', inks.night) +
    path('M24,-70L24,-104L42,-104L62,-70Z', inks.night) +
    path('M-70,-74L-62,-98L-50,-98L-60,-74Z', inks.pale, 'opacity=".6"') +
    path('M30,-74L30,-98L40,-98L46,-80Z', inks.pale, 'opacity=".6"') +
    rect(-110, -66, 206, 12, inks.cream) +
    path('M-196,-58L96,-58Q160,-62 214,-84Q190,-14 138,14L-150,14Q-190,0 -196,-58Z', inks.blue) +
    path('M-196,-58L96,-58Q160,-62 214,-84L208,-62Q160,-40 96,-38L-194,-38Z', inks.coral) +
    path('M-196,-58L96,-58Q160,-62 214,-84L211,-74Q160,-53 96,-49L-196,-49Z', inks.cream) +
    path('M-178,-20Q0,-8 190,-26Q170,0 138,14L-150,14Q-170,4 -178,-20Z', inks.night, 'opacity=".35"') +
    line('M-190,-60L-190,-86L-116,-86M-154,-60L-154,-86M100,-62L100,-88L180,-98M146,-66L146,-94', inks.cream, 3.4) +
    at(
      -142,
      -60,
      path('M-12,0L-10,-30Q0,-40 10,-30L12,0Z', inks.ochre) +
        circle(0, -44, 10, '#e9b48a') +
        path('M-12,-46Q-10,-58 0,-58Q10,-58 12,-46Z', inks.cream),
    ) +
    at(
      -172,
      -58,
      path('M-12,0L-10,-30Q0,-40 10,-30L12,0Z', inks.ochre) +
        circle(0, -44, 10, '#8a5638') +
        path('M-12,-46Q-10,-58 0,-58Q10,-58 12,-46Z', inks.cream),
    )
  return (
    bands(
      random,
      [
        [0, inks.night],
        [120, '#082c3e'],
        [220, inks.deep],
        [330, inks.blue],
      ],
      50,
      70,
    ) +
    circle(214, 120, 66, inks.sand, 'opacity=".18"') +
    circle(214, 120, 46, inks.sand) +
    gouges(random, { area: [60, 100, 360, 80], count: 16, length: [140, 320], thickness: [5, 11], fill: inks.deep }) +
    path('M542,190L1240,280L1240,430Z', inks.sand, 'opacity=".26"') +
    path('M542,190L1240,316L1240,394Z', inks.cream, 'opacity=".24"') +
    at(1046, 352, yacht(inks.mist, inks.pale, inks.cream), 0.52, 22) +
    swell(
      random,
      'far',
      [
        [-20, 392],
        [120, 360],
        [280, 384],
        [430, 356],
        [600, 392],
        [780, 350],
        [930, 366],
        [1080, 338],
        [1220, 366],
      ],
      inks.blue,
      inks.teal,
      inks.deep,
    ) +
    swell(
      random,
      'mid',
      [
        [-20, 430],
        [140, 474],
        [320, 470],
        [470, 392],
        [600, 360],
        [720, 384],
        [860, 448],
        [1020, 460],
        [1220, 400],
      ],
      inks.teal,
      inks.pale,
      inks.blue,
    ) +
    at(604, 402, boat, 1.12, -12) +
    burst(random, 836, 452, 170, 250, 110, 14) +
    spray(random, 880, 330, 70, 150, 150, inks.cream) +
    swell(
      random,
      'near',
      [
        [-20, 520],
        [120, 470],
        [260, 452],
        [420, 486],
        [600, 500],
        [760, 446],
        [900, 438],
        [1040, 494],
        [1220, 560],
      ],
      inks.blue,
      inks.pale,
      inks.deep,
    ) +
    swell(
      random,
      'front',
      [
        [-20, 610],
        [160, 636],
        [360, 590],
        [560, 556],
        [760, 586],
        [960, 622],
        [1220, 596],
      ],
      inks.deep,
      inks.teal,
      inks.night,
    ) +
    burst(random, 396, 484, 110, 66, 40, -14) +
    spray(random, 370, 440, 22, 110, 50, inks.cream) +
    times(90, () =>
      gouge(between(random, -20, WIDTH), between(random, 0, HEIGHT), between(random, 40, 110), 1.3, inks.mist, 112),
    )
  )
}
