/** Signs of what a page is: counts and shares by name, which the model (`weights.ts`) weighs. */
export type Signs = Record<string, number>

export const yes = (is: boolean) => (is ? 1 : 0)
/** Of a count: one more matters less, the more there are. */
export const logOf = (count: number) => Math.log1p(count)
export const shareOf = (part: number, whole: number) => (whole === 0 ? 0 : Math.min(1, part / whole))
