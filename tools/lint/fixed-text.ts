import type { Context, Definition, ESTree } from '@oxlint/plugins';

/**
 * Whether the module fixes what this expression is: its names are constants, functions and imports of the module, or
 * parameters whose type is a list of literals. What an imported function returns is believed.
 */
export function isFixed(context: Context, node: ESTree.Node, seen: readonly ESTree.Node[] = []): boolean {
  if (seen.includes(node)) return true;
  const references = context.sourceCode.scopeManager.scopes.flatMap((scope) => scope.references);
  return references
    .filter(({ identifier }) => isInside(identifier, node))
    .flatMap(({ resolved }) => resolved?.defs ?? [])
    .filter((definition) => !isInside(definition.name, node))
    .every((definition) => isFixedDefinition(context, definition, [...seen, node]));
}

const isInside = (inner: ESTree.Span, outer: ESTree.Span): boolean =>
  inner.start >= outer.start && inner.end <= outer.end;

function isFixedDefinition(context: Context, { type, name, node, parent }: Definition, seen: ESTree.Node[]): boolean {
  if (type === 'ImportBinding') return true;
  if (type === 'FunctionName') return isFixed(context, node, seen);
  if (type === 'Parameter') return 'typeAnnotation' in name && isLiteral(name.typeAnnotation?.typeAnnotation);
  if (node.type.startsWith('TS')) return true;
  if (node.type !== 'VariableDeclarator' || node.init === null) return false;
  return parent?.type === 'VariableDeclaration' && parent.kind === 'const' && isFixed(context, node.init, seen);
}

function isLiteral(type: ESTree.TSType | undefined): boolean {
  if (type?.type === 'TSUnionType') return type.types.every(isLiteral);
  return type?.type === 'TSLiteralType';
}
