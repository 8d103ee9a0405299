import { defineRule, type ESTree } from '@oxlint/plugins';
import { importProblem, placeOf } from './rooms.ts';
import { wordOf } from './syntax.ts';

/** Imports point downwards only (ARCHITECTURE.md, "Rooms"). */
export const layers = defineRule({
  create(context) {
    const from = placeOf(context.filename);
    if (from === null) return {};
    const check = (source: ESTree.Expression | null): void => {
      if (source === null) return;
      const specifier = wordOf(source);
      const message =
        specifier === null ? 'name what is imported, so that layers can be told' : importProblem(from, specifier);
      if (message !== null) context.report({ message, node: source });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source),
    };
  },
});
