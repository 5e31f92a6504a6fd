/** Asks a forest of decision trees, as `scripts/train-body.ts` grew it, about rows of figures. */

/** Nodes of all trees in one row: a leaf has feature -1 and its value as threshold; the right child follows the left. */
export interface Forest {
  /** Index of each tree's first node. */
  roots: Int32Array
  features: Int16Array
  thresholds: Float32Array
  left: Int32Array
  start: number
}

/** For each row the logarithm of the odds. */
export function ask(
  { roots, features, thresholds, left, start }: Forest,
  rows: Float32Array,
  width: number,
): Float64Array {
  const count = rows.length / width
  const odds = new Float64Array(count).fill(start)
  // Tree by tree, so that each stays in the processor's cache while all rows are asked of it.
  for (const root of roots)
    for (let row = 0, from = 0; row < count; row++, from += width) {
      let node = root
      for (let feature = features[node] ?? -1; feature >= 0; feature = features[node] ?? -1)
        node = (left[node] ?? 0) + ((rows[from + feature] ?? 0) <= (thresholds[node] ?? 0) ? 0 : 1)
      odds[row] = (odds[row] ?? 0) + (thresholds[node] ?? 0)
    }
  return odds
}

export function chance(odds: number): number {
  return 1 / (1 + Math.exp(-odds))
}

/** A forest as text: 8 bytes a node, in base64. */
export function writeForest({ roots, features, thresholds, left, start }: Forest): string {
  const head = new DataView(new ArrayBuffer(8 + roots.length * 4))
  head.setInt32(0, roots.length, true)
  head.setFloat32(4, start, true)
  for (const [index, root] of roots.entries()) head.setInt32(8 + index * 4, root, true)
  const body = new DataView(new ArrayBuffer(features.length * 8))
  let tree = 0
  for (let node = 0; node < features.length; node++) {
    while (tree + 1 < roots.length && (roots[tree + 1] ?? 0) <= node) tree++
    body.setInt16(node * 8, features[node] ?? 0, true)
    body.setUint16(node * 8 + 2, Math.max((left[node] ?? 0) - (roots[tree] ?? 0), 0), true)
    body.setFloat32(node * 8 + 4, thresholds[node] ?? 0, true)
  }
  return Buffer.concat([Buffer.from(head.buffer), Buffer.from(body.buffer)]).toString('base64')
}

export function readForest(text: string): Forest {
  const bytes = Buffer.from(text, 'base64')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getInt32(0, true)
  const roots = Int32Array.from({ length: count }, (_, index) => view.getInt32(8 + index * 4, true))
  const from = 8 + count * 4
  const nodes = (bytes.length - from) / 8
  const features = new Int16Array(nodes)
  const thresholds = new Float32Array(nodes)
  const left = new Int32Array(nodes)
  let tree = 0
  for (let node = 0; node < nodes; node++) {
    while (tree + 1 < count && (roots[tree + 1] ?? 0) <= node) tree++
    features[node] = view.getInt16(from + node * 8, true)
    left[node] = view.getUint16(from + node * 8 + 2, true) + (roots[tree] ?? 0)
    thresholds[node] = view.getFloat32(from + node * 8 + 4, true)
  }
  return { roots, features, thresholds, left, start: view.getFloat32(4, true) }
}
