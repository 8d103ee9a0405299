import type { ESTree } from '@oxlint/plugins';
import { isWrapper, unwrapped, wordOf } from './syntax.ts';

const builders = new Set(['insertInto', 'updateTable', 'deleteFrom', 'mergeInto', 'replaceInto']);
const locking = /\bfor\s+(no\s+key\s+)?update\b/gi;
const writing = /\b(insert\s+into|update|delete\s+from|merge\s+into|truncate|copy)\b|\bgraphile_worker\s*\.\s*add_job/i;

export const isBuilder = (node: ESTree.MemberExpression): boolean => builders.has(wordOf(node) ?? '');

/** `trx[method]`: nobody can say whether it writes. */
export function isComputedOfDatabase(node: ESTree.MemberExpression): boolean {
  const root = rootOf(node.object) ?? '';
  return node.computed && wordOf(node) === null && (/^(db|trx|tx|database)$/.test(root) || leadsToDb(node.object));
}

const leadsToDb = (node: ESTree.Node): boolean =>
  node.type === 'MemberExpression' ? wordOf(node) === 'db' : isWrapper(node) && leadsToDb(node.expression);

/** Whether this text of a statement, or of a part of one, changes rows or adds a job. */
export function writes(text: string): boolean {
  return writing.test(text.replaceAll(/--.*|\/\*[^]*?\*\//g, ' ').replaceAll(locking, ' '));
}

/** The text of a literal or template, holes left out; null of anything else. */
export function textOf(node: ESTree.Node | undefined): string | null {
  if (node?.type === 'TemplateLiteral') return node.quasis.map((quasi) => quasi.value.raw).join(' ? ');
  return node === undefined ? null : wordOf(node);
}

/** The variable that a chain of calls starts from: `trx` of `trx.with(…).insertInto`. */
export function rootOf(node: ESTree.Node): string | null {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'CallExpression') return rootOf(node.callee);
  if (isWrapper(node)) return rootOf(node.expression);
  return node.type === 'MemberExpression' ? rootOf(node.object) : null;
}

/** What a template is executed with, here and now: `trx` of sql`…`.execute(trx). A template within another one goes with it. */
export function executor(template: ESTree.Node): string | null {
  let node = unwrapped(template);
  while (node.parent?.type === 'TemplateLiteral' || node.parent?.type === 'TaggedTemplateExpression')
    node = node.parent;
  const member = node.parent;
  if (member?.type !== 'MemberExpression' || wordOf(member) !== 'execute') return null;
  const call = member.parent;
  if (call?.type !== 'CallExpression') return null;
  const [database] = call.arguments;
  return database?.type === 'Identifier' ? database.name : null;
}
