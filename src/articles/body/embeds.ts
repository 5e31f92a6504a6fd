/** What a page shows of other sites, made ready for the walk over its passages. */
import { type ChildNode, isTag, type ParentNode } from 'domhandler'
import { isEmbed, isPlaceholder, readEmbed } from '../embeds.ts'
import { type Box } from './boxes.ts'

/** Makes a frame with title and picture of whatever shows something of another site, and takes out what shows none. */
export function settleEmbeds(root: ParentNode, base: string): void {
  const gone = new Map<ParentNode, Set<ChildNode>>()
  const waiting: ParentNode[] = [root]
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop())
    for (const child of parent.children) {
      if (!isTag(child)) continue
      if (!isEmbed(child) && !isPlaceholder(child)) {
        waiting.push(child)
        continue
      }
      const embed = readEmbed(child, base)
      if (embed !== undefined) {
        const { url, title, thumbnail } = embed
        child.name = 'iframe'
        child.children = []
        child.attribs = { src: url, 'data-title': title, ...(thumbnail && { 'data-thumbnail': thumbnail }) }
      } else if (isEmbed(child) && child.name !== 'object') gone.set(parent, (gone.get(parent) ?? new Set()).add(child))
    }
  for (const [parent, children] of gone) {
    parent.children = parent.children.filter((child) => !children.has(child))
    for (const [index, child] of parent.children.entries()) {
      child.prev = parent.children[index - 1] ?? null
      child.next = parent.children[index + 1] ?? null
    }
  }
}

/** A quote that stands for a post until a script shows that: its words and where it is are all a reader gets. */
export function isPost({ name, element }: Box): boolean {
  if (name !== 'blockquote' || !isTag(element)) return false
  return POST.test(element.attribs['class'] ?? '') || Object.keys(element.attribs).some((key) => POST_KEY.test(key))
}

const POST = /(?:^|\s)[\w]+(?:-[\w]+)*-(?:tweet|video|media|embed|embed-\w+|post-media|embedded-content)(?:\s|$)/
const POST_KEY = /^data-(?:[\w-]*permalink|[\w-]+-uri|embed[\w-]*|tweet-id|video-id)$/
