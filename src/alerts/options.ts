/** What `alerts:` takes in broadsheet.yaml. */
import { z } from 'zod'

const address = z.url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })

export const options = z.strictObject({
  mail: z.email().optional().describe('Who is told by mail of what goes wrong, and when it is over'),
  webhook: address
    .optional()
    .describe('Told the same by a POST of JSON: `text` for Slack, Mattermost and their like, `failures` for programs'),
  heartbeat: address
    .optional()
    .describe('Asked (GET) after each good run, for a service that raises the alarm when it hears nothing'),
})

export type AlertOptions = z.output<typeof options>
