import { defineRule, type ESTree } from '@oxlint/plugins';
import { placeOf } from './rooms.ts';

// Rooms that get time, settings and logger as arguments, so that they run under a simulated clock and any tenant.
const rooms = ['services', 'metrics', 'contract', 'collector'];
const members = new Set(['process.env', 'Date.now', 'Math.random']);

/** No process.env, Date.now(), new Date(), Math.random() or console where they come from ctx or arguments. */
export const noAmbient = defineRule({
  create(context) {
    const place = placeOf(context.filename);
    if (place === null || !rooms.includes(place.room)) return {};
    const report = (node: ESTree.Node, what: string): void =>
      context.report({ message: `${place.room} may not use ${what}: take it from ctx or an argument`, node });
    return {
      MemberExpression(node) {
        if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return;
        const name = `${node.object.name}.${node.property.name}`;
        if (members.has(name)) report(node, name);
        if (node.object.name === 'console') report(node, 'console');
      },
      NewExpression(node) {
        const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date';
        if (isDate && node.arguments.length === 0) report(node, 'new Date()');
      },
      CallExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'Date') report(node, 'Date()');
      },
    };
  },
});
