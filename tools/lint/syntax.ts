import type { ESTree } from '@oxlint/plugins';

type Wrapper =
  | ESTree.ParenthesizedExpression
  | ESTree.TSAsExpression
  | ESTree.TSSatisfiesExpression
  | ESTree.TSNonNullExpression;

const wrappers = new Set(['ParenthesizedExpression', 'TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);

export const isWrapper = (node: ESTree.Node): node is Wrapper => wrappers.has(node.type);

/** The outermost expression that is still this one: `(x)`, `x as T`, `x!`. */
export function unwrapped(node: ESTree.Node): ESTree.Node {
  let outer = node;
  while (outer.parent !== null && wrappers.has(outer.parent.type)) outer = outer.parent;
  return outer;
}

/** The name that is written here: of a member (`a.b`, `a['b']`), a text, a template without holes; null when it is computed. */
export function wordOf(node: ESTree.Node): string | null {
  if (node.type === 'MemberExpression') {
    if (!node.computed) return node.property.type === 'Identifier' ? node.property.name : null;
    return wordOf(node.property);
  }
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? null;
  return null;
}

/** What a module calls the thing that is imported from it: `default`, `*`, or a name. */
export function importedName(specifier: ESTree.ImportDeclarationSpecifier): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
}
