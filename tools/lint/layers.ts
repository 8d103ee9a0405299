import { defineRule, type ESTree } from '@oxlint/plugins';
import { importProblem, placeOf } from './rooms.ts';
import { importedName, wordOf } from './syntax.ts';

// createRequire() and its like load modules that no rule of imports sees; these only say where something is.
const harmless = new Set(['findPackageJSON', 'isBuiltin']);
const unseen = 'what no rule sees: import it, or find its files with findPackageJSON';
const isModuleModule = (source: string): boolean => /^(node:)?module$/.test(source);

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
      ImportDeclaration(node) {
        check(node.source);
        if (!isModuleModule(node.source.value)) return;
        for (const specifier of node.specifiers) {
          const name = importedName(specifier);
          if (!harmless.has(name))
            context.report({ message: `${name} of node:module loads ${unseen}`, node: specifier });
        }
      },
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression(node) {
        check(node.source);
        if (isModuleModule(wordOf(node.source) ?? '')) context.report({ message: `node:module loads ${unseen}`, node });
      },
      TSImportType: (node) => check(node.source),
    };
  },
});
