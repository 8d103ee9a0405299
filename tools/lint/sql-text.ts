import { defineRule, type ESTree } from '@oxlint/plugins';
import { isFixed } from './fixed-text.ts';
import { placeOf } from './rooms.ts';
import { unwrapped, wordOf } from './syntax.ts';

/** Where the database's own time or chance is meant, and why: path → what → reason. */
const allowed: Record<string, Record<string, string>> = {
  'services/health/check-health.ts': {
    'clock_timestamp(': 'collectors beat by the clock of the database, so that is how old a beat is',
  },
};

const present =
  /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|gen_random_uuid|uuidv[47])\s*\(|\b(current_(date|time|timestamp)|localtime|localtimestamp)\b|'(now|today|tomorrow|yesterday)'/i;

/** Services take time and chance from ctx in SQL too, and what goes raw into a statement is fixed by the module. */
export const sqlText = defineRule({
  create(context) {
    const place = placeOf(context.filename);
    if (place?.room !== 'services') return {};
    const check = (node: ESTree.Node, text: string): void => {
      const what = present.exec(text)?.[0].toLowerCase().replaceAll(/\s/g, '');
      if (what === undefined || allowed[place.path]?.[what] !== undefined) return;
      context.report({ message: `services may not use ${what} of the database: take it from ctx`, node });
    };
    const refuseRaw = (node: ESTree.Node): void =>
      context.report({ message: 'sql.raw takes text that this module fixes: pass values as parameters', node });
    return {
      Literal(node) {
        if (typeof node.value === 'string') check(node, node.value);
      },
      TemplateElement: (node) => check(node, node.value.raw),
      CallExpression(node) {
        const name = node.callee.type === 'Identifier' ? node.callee.name : wordOf(node.callee);
        const [called] = node.arguments;
        if (name === 'fn' && called !== undefined) check(node, `${wordOf(called) ?? ''}(`);
      },
      MemberExpression(node) {
        if (wordOf(node) !== 'raw' || (node.object.type === 'Identifier' && node.object.name === 'String')) return;
        const callee = unwrapped(node);
        const call = callee.parent;
        const isCall = call?.type === 'CallExpression' && call.callee === callee;
        if (!isCall || !call.arguments.every((argument) => isFixed(context, argument))) refuseRaw(node);
      },
      ObjectPattern(node) {
        for (const property of node.properties) {
          if (property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === 'raw')
            refuseRaw(property);
        }
      },
    };
  },
});
