import { titleOf } from '../../../contract/problem.ts';

/**
 * Moves every schema with a title to `components.schemas` and refers to it, so that documents and clients have one named
 * type for each resource. Two different schemas under one title are a mistake of ours.
 */
export function liftTitledSchemas(document: object): Record<string, unknown> {
  const components: Record<string, unknown> = {};
  replaceTitled(document, components);
  return components;
}

function replaceTitled(node: unknown, components: Record<string, unknown>): void {
  if (typeof node !== 'object' || node === null) return;
  const container = node as Record<string, unknown>;
  for (const [key, child] of Object.entries(container)) {
    replaceTitled(child, components);
    const title = schemaTitle(child);
    if (title === null) continue;
    const known = components[title];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(child)) {
      throw new Error(`Two different schemas are called ${title}`);
    }
    components[title] = child;
    container[key] = { $ref: `#/components/schemas/${title}` };
  }
}

function schemaTitle(node: unknown): string | null {
  if (typeof node !== 'object' || node === null || !('title' in node) || !('type' in node)) return null;
  return typeof node.title === 'string' ? node.title : null;
}

interface Operation {
  responses: Record<string, object>;
}

/** Moves error answers to `components.responses`, since most operations fail in the same ways. Names are like `NotFound2`. */
export function liftErrorResponses(operations: readonly Operation[]): Record<string, object> {
  const components: Record<string, object> = {};
  const names = new Map<string, string>();
  for (const { responses } of operations) {
    for (const [status, response] of Object.entries(responses)) {
      if (Number(status) < 400) continue;
      const text = JSON.stringify(response);
      const name = names.get(text) ?? unusedName(titleOf(Number(status)).replaceAll(' ', ''), components);
      names.set(text, name);
      components[name] = response;
      responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
  return components;
}

function unusedName(name: string, components: Record<string, object>): string {
  let number = 1;
  const numbered = (): string => (number === 1 ? name : `${name}${number}`);
  while (numbered() in components) number += 1;
  return numbered();
}
