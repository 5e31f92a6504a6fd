/** The text within an element, however deep. */
import { type AnyNode, isTag, isText } from 'domhandler'
import { evenText } from '../characters.ts'

const ENOUGH = 10_000

/** In one line; of a very long text the beginning. */
export function textOf(element: AnyNode): string {
  const pieces: string[] = []
  let length = 0
  const waiting: AnyNode[] = [element]
  for (let node = waiting.pop(); node !== undefined && length < ENOUGH; node = waiting.pop()) {
    if (isText(node)) {
      pieces.push(node.data)
      length += node.data.length
    } else if (isTag(node)) for (const child of node.children.toReversed()) waiting.push(child)
  }
  return evenText(pieces.join(''))
}
