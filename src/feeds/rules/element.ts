/** The rules of an element of XML. */
import { childrenOf, type ReadElement } from '../read-xml.ts'
import type { RuleId, Tell } from './checklist.ts'

/** That it is there, once, and holds something. */
export function checkOnce(parent: ReadElement, name: string, rule: RuleId, tell: Tell): void {
  const found = childrenOf(parent, name)
  const local = name.slice(name.indexOf('}') + 1)
  if (found.length === 0) tell(rule, `no <${local}>`, parent)
  else if (found.length > 1) tell(rule, `two <${local}>`, found[1])
  else if (found[0]?.text.trim() === '' && found[0].children.length === 0) tell(rule, `an empty <${local}>`, found[0])
}
