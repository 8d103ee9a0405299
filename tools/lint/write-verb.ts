import { defineRule, type ESTree } from '@oxlint/plugins';
import { placeOf } from './rooms.ts';

const writeWords =
  'add|archive|cancel|create|delete|disable|enable|end|grant|import|invite|link|move|pause|pay|put|remove|' +
  'rename|replace|restore|resume|retry|revoke|set|start|stop|unlink|update|upsert';
const verbFile = new RegExp(`^services/[^/]+/(${writeWords})(-[a-z0-9-]+)?\\.ts$`);

type Step = 'authorize' | 'parse' | 'transaction' | 'write' | 'version' | 'audit';
const order: readonly Step[] = ['authorize', 'parse', 'transaction', 'write', 'audit'];
const how: Record<Step, string> = {
  authorize: 'call authorize(ctx, …) first',
  parse: 'call a parse…() on the input',
  transaction: 'do the work in inTransaction(ctx, …)',
  write: 'write through the transaction',
  version: 'call bumpVersion(trx, …) after the writes',
  audit: 'call audit(trx, …) after the writes',
};

/**
 * A write verb (services/<entity>/<write word>-….ts) does authorize → parse → transaction → write → audit, in that order, and
 * bumps the organization's data version after the write. A step counts where its call begins; the file's one exported async function is the verb.
 */
export const writeVerb = defineRule({
  create(context) {
    const place = placeOf(context.filename);
    if (place === null || !verbFile.test(place.path)) return {};
    let verb: ESTree.Function | null = null;
    const seen = new Map<Step, number>();
    let trx: string | null = null;
    const mark = (step: Step, node: ESTree.Node): void => {
      if (!seen.has(step)) seen.set(step, node.start);
    };
    const isInside = (node: ESTree.Node): boolean => verb !== null && node.start > verb.start && node.end <= verb.end;

    return {
      ExportNamedDeclaration(node) {
        if (node.declaration?.type === 'FunctionDeclaration' && node.declaration.async) verb = node.declaration;
      },
      CallExpression(node) {
        if (!isInside(node)) return;
        const name = calledName(node);
        if (name !== null && /^authorize([A-Z]|$)/.test(name)) mark('authorize', node);
        else if (name !== null && /^parse([A-Z]|$)/.test(name)) mark('parse', node);
        else if (name === 'inTransaction') {
          mark('transaction', node);
          trx = transactionName(node);
        } else if (name === 'bumpVersion') mark('version', node);
        else if (name === 'audit') mark('audit', node);
        else if (trx !== null && usesTransaction(node, trx)) mark('write', node);
      },
      'Program:exit'(program) {
        if (verb === null) {
          context.report({ message: 'a write verb exports one async function', node: program });
          return;
        }
        const problem = firstProblem(seen);
        if (problem !== null) context.report({ message: problem, node: verb.id ?? verb });
      },
    };
  },
});

function firstProblem(seen: ReadonlyMap<Step, number>): string | null {
  const missing = ([...order, 'version'] as const).filter((step) => !seen.has(step));
  if (missing.length > 0) return `write verb without ${missing.map((step) => `${step}: ${how[step]}`).join('; ')}`;
  const actual = [...seen].toSorted(([, a], [, b]) => a - b).map(([step]) => step);
  if (actual.indexOf('version') < actual.indexOf('write')) return 'write verb that bumps the version before it writes';
  const steps = actual.filter((step) => step !== 'version');
  return steps.join() === order.join()
    ? null
    : `write verb out of order: ${steps.join(' → ')}, not ${order.join(' → ')}`;
}

function calledName(node: ESTree.CallExpression): string | null {
  const { callee } = node;
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : null;
}

/** The name that the callback of inTransaction gives its transaction. */
function transactionName(node: ESTree.CallExpression): string | null {
  const callback = node.arguments.at(-1);
  if (callback?.type !== 'ArrowFunctionExpression' && callback?.type !== 'FunctionExpression') return null;
  const parameter = callback.params[0];
  return parameter?.type === 'Identifier' ? parameter.name : null;
}

/** A call on the transaction (`trx.updateTable(…)`) or one that is handed it (`insertAccount(trx, …)`). */
function usesTransaction(node: ESTree.CallExpression, trx: string): boolean {
  const isTrx = (part: ESTree.Node | undefined): boolean => part?.type === 'Identifier' && part.name === trx;
  if (node.callee.type === 'MemberExpression' && isTrx(node.callee.object)) return true;
  return node.arguments.some((argument) => isTrx(argument));
}
