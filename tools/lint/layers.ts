import { defineRule, type ESTree } from '@oxlint/plugins';
import { importProblem, placeOf } from './rooms.ts';

/** Imports point downwards only (ARCHITECTURE.md, "Rooms"). */
export const layers = defineRule({
  create(context) {
    const from = placeOf(context.filename);
    if (from === null) return {};
    const check = (source: ESTree.Expression | null): void => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const message = importProblem(from, source.value);
      if (message !== null) context.report({ message, node: source });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
    };
  },
});
