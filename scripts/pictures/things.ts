/** What stands in more than one picture: houses, boats, gulls, people. */
import { at, circle, inks, line, path, type Random, rect, times } from './brush.ts'

export const gull = (x: number, y: number, scale: number, fill: string, turn = 0): string =>
  at(x, y, path('M-32,-9Q-15,-20 0,-2Q15,-20 32,-9Q15,-12 2,6Q0,9 -2,6Q-15,-12 -32,-9Z', fill), scale, turn)

/** A gull on its feet, facing right; its feet at 0,0. */
export const standingGull = (wing: string = inks.pale): string =>
  line('M-4,-14L-5,0M5,-14L5,0', inks.ochre, 3) +
  path('M-44,-22Q-20,-50 12,-48Q16,-66 30,-66Q42,-66 43,-54L58,-49L42,-46Q40,-14 4,-12Q-20,-12 -44,-22Z', inks.cream) +
  path('M-52,-22Q-24,-48 10,-42Q14,-24 -12,-20Q-30,-18 -52,-22Z', wing) +
  path('M-52,-22L-22,-32L-24,-20Z', inks.night) +
  path('M43,-54L58,-49L42,-46Z', inks.ochre) +
  circle(35, -56, 2.6, inks.night)

interface House {
  wall: string
  roof: string
  /** How many of the windows are lit, 0 to 1. */
  lit?: number
  gable?: boolean
  pane?: string
}

/** A town house standing on `base`, its right side in shade. */
export function house(random: Random, x: number, base: number, width: number, height: number, look: House): string {
  const { wall, roof, lit = 0, gable = false, pane = inks.blue } = look
  const top = base - height
  const columns = Math.max(1, Math.round(width / 30))
  const tall = Math.min(34, width * 0.62)
  const rows = Math.max(1, Math.floor((height - 16) / 34))
  const windows = times(columns * rows, (index) => {
    const left = x + (width / columns) * ((index % columns) + 0.5) - 6
    const y = top + 12 + Math.floor(index / columns) * 34
    const isLit = random() < lit
    return rect(left, y, 12, 18, isLit ? inks.ochre : pane) + rect(left - 2, y + 18, 16, 3, inks.night, 'opacity=".35"')
  })
  const cap = gable
    ? path(`M${x - 5},${top + 2}L${x + width / 2},${top - width * 0.55}L${x + width + 5},${top + 2}Z`, roof)
    : path(
        `M${x - 4},${top + 2}L${x + 8},${top - tall * 0.8}L${x + width - 8},${top - tall * 0.8}L${x + width + 4},${top + 2}Z`,
        roof,
      )
  return (
    rect(x + width * 0.68, top - tall * (gable ? 0.85 : 1.25), width * 0.19, tall, inks.rust) +
    rect(x, top, width, height + 1, wall) +
    rect(x + width * 0.8, top, width * 0.2, height + 1, inks.night, 'opacity=".13"') +
    cap +
    windows
  )
}

/** A small trawler, bow to the right, water-line at y = 0, about 210 wide. */
export const trawler = (hull: string, trim: string): string =>
  line('M104,-30L104,-158M104,-150L20,-60M104,-150L200,-54M104,-96L46,-58', inks.night, 3) +
  rect(36, -88, 52, 54, inks.cream) +
  rect(74, -88, 14, 54, inks.night, 'opacity=".16"') +
  rect(30, -95, 64, 9, trim) +
  rect(43, -78, 15, 18, inks.blue) +
  rect(64, -78, 15, 18, inks.blue) +
  path('M-2,-40C6,-12 14,2 30,6L172,6C190,0 204,-28 210,-58L152,-38Q88,-28 -2,-40Z', hull) +
  path('M-2,-40Q88,-28 152,-38L210,-58L208,-49L153,-29Q88,-19 0,-31Z', trim) +
  path('M10,-12Q100,0 196,-18L190,-6Q184,2 172,6L30,6Q16,2 10,-12Z', inks.night, 'opacity=".28"')

/** The same, upside down in the water below. */
export const reflection = (content: string, opacity = 0.3): string =>
  `<g transform="scale(1 -.62)" opacity="${opacity}">${content}</g>`

/** A sail-boat heeling with the wind, hull about 120 long, water-line at y = 0. */
export const yacht = (main: string, jib: string, hull: string = inks.cream, stripe?: string): string =>
  line('M0,-14L0,-232', inks.night, 3) +
  path('M6,-30Q64,-80 6,-226Q10,-120 6,-30Z', main) +
  path('M6,-30L74,-34Q56,-150 6,-226Q20,-120 6,-30Z', main) +
  path('M6,-226Q56,-150 74,-34L52,-33Q44,-130 6,-226Z', inks.night, 'opacity=".14"') +
  (stripe === undefined ? '' : path('M17,-170L32,-178Q44,-152 52,-128L12,-116Q16,-142 17,-170Z', stripe)) +
  path('M-6,-206Q-24,-110 -62,-28L-8,-34Q-2,-120 -6,-206Z', jib) +
  path('M-78,-18Q0,-10 84,-22Q76,2 52,8L-44,8Q-66,4 -78,-18Z', hull) +
  path('M-72,-6Q0,4 78,-8Q70,4 52,8L-44,8Q-62,4 -72,-6Z', inks.night, 'opacity=".3"')

/** A person in a coat, feet at 0,0, about 100 high. */
export const person = (coat: string, skin: string, hat: string, trousers: string = inks.night): string =>
  rect(-11, -36, 9, 36, trousers) +
  rect(2, -36, 9, 36, trousers) +
  path('M-17,-30L-14,-70Q-12,-80 0,-80Q12,-80 14,-70L17,-30Z', coat) +
  path('M4,-80Q12,-80 14,-70L17,-30L6,-30Z', inks.night, 'opacity=".16"') +
  circle(0, -90, 10.5, skin) +
  path('M-12,-92Q-11,-104 0,-104Q11,-104 12,-92Z', hat)
