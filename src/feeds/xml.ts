/** The few XML elements that we write ourselves. */

export interface XmlElement {
  name: string
  attributes?: Record<string, string | number | undefined>
  /** Text, or elements; without either the element is empty. */
  content?: string | XmlElement[]
  /** Write the text as a CDATA section; it must not hold `]]>` (characters.ts sees to that). */
  cdata?: boolean
}

/** The element and all in it, each element on a line of its own. */
export function writeXml({ name, attributes = {}, content, cdata = false }: XmlElement, indent = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
  const open = `${indent}<${name}${written.join('')}`
  if (content === undefined) return `${open}/>`
  if (typeof content === 'string') return `${open}>${cdata ? `<![CDATA[${content}]]>` : escapeXml(content)}</${name}>`
  return [`${open}>`, ...content.map((child) => writeXml(child, `${indent}    `)), `${indent}</${name}>`].join('\n')
}

function escapeXml(text: string): string {
  if (!/[&<>"]/.test(text)) return text
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
