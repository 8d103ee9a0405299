import type { ESTree } from '@oxlint/plugins';
import { wordOf } from './syntax.ts';
import { letsWritersIn, type Step, stepOf } from './write-steps.ts';
import { rootOf } from './writes.ts';

/** A name that this module imports, and where from. */
export interface Imported {
  source: string;
  name: string;
}

export type AnyFunction = ESTree.Function | ESTree.ArrowFunctionExpression;

/** What was seen in one function of the module, closures included. */
export interface Unit {
  node: AnyFunction;
  name: string;
  /** It takes a transaction, so it can't be called outside one. */
  isPart: boolean;
  opens: boolean;
  writes: boolean;
  /** Names of what is the transaction here. */
  trx: Set<string>;
  /** Names of what leads to the database beside it. */
  contexts: ReadonlySet<string>;
  /** Bodies of what it does in a transaction. */
  works: Set<ESTree.Node>;
  seen: Map<Step, number>;
  /** Reported only when the function writes. */
  problems: { node: ESTree.Node; message: string }[];
}

const passesBy = 'a function that writes passes its transaction by: read and write through trx';

export function newUnit(node: AnyFunction): Unit {
  const [first] = node.params;
  const trx = first?.type === 'Identifier' && isTransaction(first.typeAnnotation?.typeAnnotation) ? first.name : null;
  return {
    node,
    name: nameOf(node),
    isPart: trx !== null,
    opens: false,
    writes: false,
    trx: new Set(trx === null ? [] : [trx]),
    contexts: new Set(trx === null && first?.type === 'Identifier' ? ['ctx', first.name] : ['ctx']),
    works: new Set(),
    seen: new Map(),
    problems: [],
  };
}

function nameOf(node: AnyFunction): string {
  if (node.id !== null) return node.id.name;
  return node.parent.type === 'VariableDeclarator' && node.parent.id.type === 'Identifier' ? node.parent.id.name : '';
}

export function isTransaction(type: ESTree.TSType | undefined): boolean {
  return (
    type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'Transaction'
  );
}

export function noteWrite(unit: Unit, node: ESTree.Node, through: string | null): void {
  unit.writes = true;
  mark(unit, 'write', node);
  if (through !== null && unit.trx.has(through)) return;
  unit.problems.push({
    node,
    message: 'a write outside the transaction: write through trx, in the statement that says what',
  });
}

function mark(unit: Unit, step: Step, node: ESTree.Node): void {
  if (!unit.seen.has(step)) unit.seen.set(step, node.start);
}

/** What a call does for the function that it stands in. */
export function noteCall(unit: Unit, node: ESTree.CallExpression, called?: Imported): void {
  const step = called === undefined ? null : stepOf(called.source, called.name);
  const isHanded = isTrx(unit, node.arguments[0]);
  if (step === 'transaction' || called?.name === 'repeatable' || wordOf(node.callee) === 'transaction') {
    unit.opens = true;
    learn(unit, node);
    if (step === 'transaction') mark(unit, step, node);
  } else if (step === 'authorize') {
    if (blockOf(node) === unit.node.body && letsWritersIn(node, called?.name ?? '')) mark(unit, step, node);
  } else if (step !== null) {
    if (isHanded && unit.works.has(blockOf(node) ?? node)) mark(unit, step, node);
  } else if (node.callee.type === 'Identifier' && /^parse([A-Z]|$)/.test(node.callee.name)) {
    mark(unit, 'parse', node);
  } else if (isHanded) {
    mark(unit, 'write', node);
  } else if (wordOf(node.callee)?.startsWith('with') === true && unit.trx.has(rootOf(node.callee) ?? '')) {
    learn(unit, node);
  } else if (leadsOut(unit, node)) {
    unit.problems.push({ node, message: 'ctx leads out of the transaction: hand over trx, or { ...ctx, db: trx }' });
  }
}

/** The database itself, as a member of something or taken out of it: `ctx.db`, `{ db }`. */
export function noteDatabase(unit: Unit, node: ESTree.MemberExpression | ESTree.ObjectPattern): void {
  const names = node.type === 'MemberExpression' ? [wordOf(node)] : node.properties.map(keyOf);
  if (names.includes('db')) unit.problems.push({ node, message: passesBy });
}

const keyOf = (node: ESTree.ObjectPattern['properties'][number]): string | null =>
  node.type === 'Property' && node.key.type === 'Identifier' ? node.key.name : null;

/** Somebody who is handed ctx while the transaction is open would work beside it. */
function leadsOut(unit: Unit, node: ESTree.CallExpression): boolean {
  if (unit.trx.size === 0 || !['AwaitExpression', 'ReturnStatement'].includes(node.parent.type)) return false;
  return node.arguments.some((argument) => argument.type === 'Identifier' && unit.contexts.has(argument.name));
}

function isTrx(unit: Unit, node: ESTree.Node | undefined): boolean {
  return node?.type === 'Identifier' && unit.trx.has(node.name);
}

/** The callback's first parameter is the transaction too. */
function learn(unit: Unit, node: ESTree.CallExpression): void {
  const callback = node.arguments.at(-1);
  if (callback?.type !== 'ArrowFunctionExpression' && callback?.type !== 'FunctionExpression') return;
  const [parameter] = callback.params;
  if (parameter?.type === 'Identifier') unit.trx.add(parameter.name);
  if (callback.body !== null) unit.works.add(callback.body);
}

/** The block that this call is a statement of: in no branch, and in no callback that may never run. */
function blockOf(node: ESTree.CallExpression): ESTree.Node | null {
  const outer = node.parent.type === 'AwaitExpression' ? node.parent : node;
  return outer.parent?.type === 'ExpressionStatement' ? outer.parent.parent : null;
}
