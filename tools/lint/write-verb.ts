import { type Context, defineRule, type ESTree } from '@oxlint/plugins';
import { loneWriters } from './lone-writers.ts';
import { type Place, placeOf } from './rooms.ts';
import { importedName, wordOf } from './syntax.ts';
import { stepProblem } from './write-steps.ts';
import {
  type AnyFunction,
  type Imported,
  isTransaction,
  newUnit,
  noteCall,
  noteDatabase,
  noteWrite,
  type Unit,
} from './write-unit.ts';
import { executor, isBuilder, isComputedOfDatabase, rootOf, textOf, writes } from './writes.ts';

const callers: readonly string[] = ['http', 'cli'];
const isJudged = ({ room, path }: Place): boolean =>
  callers.includes(room) || (room === 'services' && path !== 'services/transaction.ts');

/**
 * Whoever writes in services is a write verb (authorize → parse → transaction → write → audit, and the data version bumped
 * after the write), or a part of one: a function whose first parameter is the transaction. Exceptions: lone-writers.ts.
 * http and cli call the verbs, and write nothing.
 */
export const writeVerb = defineRule({
  create(context) {
    const place = placeOf(context.filename);
    if (place === null || !isJudged(place)) return {};
    const isCaller = callers.includes(place.room);
    const imports = new Map<string, Imported>();
    let unit: Unit | null = null;
    const enter = (node: AnyFunction): void => {
      if (!isCaller) unit ??= newUnit(node);
    };
    const leave = (node: AnyFunction): void => {
      if (unit?.node !== node) return;
      judge(context, unit, place.path);
      unit = null;
    };
    const write = (node: ESTree.Node, through: string | null): void => {
      if (isCaller) context.report({ message: `${place.room} writes nothing: call a verb of services`, node });
      else if (unit === null) context.report({ message: 'a write belongs in a write verb or a part of one', node });
      else noteWrite(unit, node, through);
    };
    return {
      ImportSpecifier(node) {
        const source = node.parent.type === 'ImportDeclaration' ? node.parent.source.value : '';
        imports.set(node.local.name, { source, name: importedName(node) });
      },
      FunctionDeclaration: enter,
      FunctionExpression: enter,
      ArrowFunctionExpression: enter,
      'FunctionDeclaration:exit': leave,
      'FunctionExpression:exit': leave,
      'ArrowFunctionExpression:exit': leave,
      TaggedTemplateExpression(node) {
        const tag = node.tag.type === 'Identifier' ? imports.get(node.tag.name)?.name : wordOf(node.tag);
        if (tag === 'sql' && writes(textOf(node.quasi) ?? '')) write(node, executor(node));
      },
      MemberExpression(node) {
        if (isComputedOfDatabase(node)) context.report({ message: 'name what the database is asked to do', node });
        if (isBuilder(node)) write(node, rootOf(node.object));
        if (unit !== null) noteDatabase(unit, node);
      },
      ObjectPattern(node) {
        if (unit !== null) noteDatabase(unit, node);
      },
      TSTypeReference: (node) => refuseCast(context, node),
      CallExpression(node) {
        if (runsText(node) && writes(textOf(node.arguments[0]) ?? '')) write(node, executor(node));
        const called = node.callee.type === 'Identifier' ? imports.get(node.callee.name) : undefined;
        if (unit !== null) noteCall(unit, node, called);
      },
    };
  },
});

function refuseCast(context: Context, node: ESTree.TSTypeReference): void {
  const isCast = node.parent.type === 'TSAsExpression' || node.parent.type === 'TSTypeAssertion';
  if (isCast && isTransaction(node)) context.report({ message: 'no cast makes a transaction: open one', node });
}

function judge(context: Context, unit: Unit, path: string): void {
  if (!unit.writes && !unit.opens) return;
  if (Object.hasOwn(loneWriters, `${path}#${unit.name}`)) return;
  // Who opens no transaction is told what a verb does; where each write goes follows from it.
  if (unit.isPart || unit.opens) unit.problems.forEach((problem) => context.report(problem));
  const problem = unit.isPart ? partProblem(unit) : stepProblem(unit.seen);
  if (problem === null) return;
  const hint = unit.isPart || unit.opens ? '' : ' (a part of a verb takes trx: Transaction<Database> first)';
  context.report({ message: problem + hint, node: unit.node.id ?? unit.node });
}

function partProblem(unit: Unit): string | null {
  return unit.opens ? 'a part of a write verb opens no transaction: it is handed one' : null;
}

/** `pool.query('…')`, `sql.raw('…')`. */
const runsText = (node: ESTree.CallExpression): boolean => ['query', 'raw'].includes(wordOf(node.callee) ?? '');
