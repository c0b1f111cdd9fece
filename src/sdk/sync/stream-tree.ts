/** The streams of a run as a tree: those that are selected, and the unselected parents that they need. */
import { resolve } from '../define/resolve.js';
import type { StreamDefinition } from '../define/stream-definition.js';
import { type RestConnection, RestStream } from '../rest/rest-stream.js';
import type { OutputStream } from './output-stream.js';
import { StreamNode } from './stream-node.js';

/** The roots of the tree. `outputs`: the selected streams, by name. */
export function buildStreamTree(
  definitions: readonly StreamDefinition[],
  outputs: ReadonlyMap<string, OutputStream>,
  connection: RestConnection,
  config: unknown,
): StreamNode[] {
  const nodes = new Map<StreamDefinition, StreamNode>();
  const roots: StreamNode[] = [];
  const place = (definition: StreamDefinition): StreamNode => {
    const known = nodes.get(definition);
    if (known) return known;
    const { parent } = definition.scope;
    const siblings = parent ? place(parent).children : roots;
    const node = new StreamNode(new RestStream(resolve(definition, config), connection), outputs.get(definition.name));
    nodes.set(definition, node);
    siblings.push(node);
    return node;
  };
  for (const definition of definitions) if (outputs.has(definition.name)) place(definition);
  return roots;
}
