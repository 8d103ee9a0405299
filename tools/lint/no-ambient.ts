import { defineRule, type ESTree, type Reference } from '@oxlint/plugins';
import { importedName, unwrapped, wordOf } from './syntax.ts';
import { placeOf, pureRooms } from './rooms.ts';

// Rooms that get time, settings, chance and logger as arguments, so that they run under a simulated clock and any tenant.
const rooms = ['services', 'metrics', 'contract', 'collector'];

/** Where something ambient is meant, and why: path or room → what → reason. */
const allowed: Record<string, Record<string, string>> = {
  'services/keys/key-secret.ts': {
    randomBytes: 'the secret of a key must be unpredictable, also in a simulated world',
  },
  collector: {
    'process.pid': 'tells the collectors of one host apart',
    'process.kill': 'signal 0 asks whether a neighbour still lives',
  },
};

// What is ambient about a global: every use, every use but some, or only some uses.
// Reflect, eval and Function do what no rule can read.
const wholly = new Set(
  'process console performance globalThis global self window navigator Reflect eval Function'.split(' '),
);
const members: Record<string, (member: string | null) => boolean> = {
  Date: (member) => member !== 'UTC' && member !== 'parse',
  Math: (member) => member === 'random' || member === null,
  crypto: (member) => member !== 'subtle',
  Temporal: (member) => member === 'Now' || member === null,
};

/** The globals of a pure room: the language itself, without network, timers and files. */
const pureGlobals = new Set(
  [
    'undefined NaN Infinity isNaN isFinite parseInt parseFloat Object Array Map Set WeakMap WeakSet Iterator Symbol',
    'String Number BigInt Boolean Math Date JSON RegExp Intl Temporal Error TypeError RangeError URL URLSearchParams',
    'encodeURIComponent decodeURIComponent Promise Uint8Array Float64Array BigInt64Array TextEncoder TextDecoder',
    'structuredClone crypto',
  ].flatMap((names) => names.split(' ')),
);

const modules: Record<string, (name: string) => boolean> = {
  process: () => true,
  console: () => true,
  perf_hooks: () => true,
  crypto: (name) =>
    /^(random.*|getRandomValues|webcrypto|default|\*|generate.*|create(DiffieHellman|ECDH))$/.test(name),
  'temporal-polyfill': (name) => name !== 'Temporal',
};

/** No time, settings, chance or output of the process where they come from ctx or arguments. */
export const noAmbient = defineRule({
  create(context) {
    const place = placeOf(context.filename);
    if (place === null || !rooms.includes(place.room)) return {};
    const isAllowed = (what: string): boolean =>
      [place.path, place.room].some((where) => allowed[where]?.[what] !== undefined);
    const report = (node: ESTree.Node, what: string): void => {
      if (isAllowed(what)) return;
      context.report({ message: `${place.room} may not use ${what}: take it from ctx or an argument`, node });
    };
    const check = ({ identifier }: Reference, name = identifier.name): void => {
      const what = ambientUse(identifier, name);
      if (what !== null) report(identifier, what);
    };
    return {
      Program() {
        for (const reference of context.sourceCode.scopeManager.globalScope?.through ?? []) {
          const { identifier } = reference;
          const isPure = pureRooms.includes(place.room);
          if (isPure && isValue(identifier) && !pureGlobals.has(nameOf(identifier)))
            report(identifier, nameOf(identifier));
          else check(reference);
        }
      },
      ImportDeclaration(node) {
        const isAmbient = modules[node.source.value.replace(/^node:/, '')];
        if (isAmbient === undefined || node.importKind === 'type') return;
        for (const specifier of node.specifiers) {
          const name = importedName(specifier);
          if (isAmbient(name)) report(specifier, name);
          const [variable] = context.sourceCode.getDeclaredVariables(specifier);
          variable?.references.forEach((reference) => check(reference, name));
        }
      },
      ImportExpression(node) {
        const source = wordOf(node.source)?.replace(/^node:/, '') ?? '';
        if (modules[source] !== undefined) report(node, `import('${source}')`);
      },
    };
  },
});

const nameOf = (identifier: ESTree.Node): string => (identifier.type === 'Identifier' ? identifier.name : '');
const isValue = (identifier: ESTree.Node): boolean => unwrapped(identifier).parent?.type.startsWith('TS') !== true;

/** What is ambient about this use of a global, or null. */
function ambientUse(identifier: ESTree.Node, name: string): string | null {
  const node = unwrapped(identifier);
  const parent = node.parent;
  if (parent === null || parent.type.startsWith('TS')) return null;
  const member = parent.type === 'MemberExpression' && parent.object === node ? wordOf(parent) : null;
  const used = member === null ? name : `${name}.${member}`;
  if (wholly.has(name)) return used;
  if (name === 'Date' && member === null) return dateUse(node, parent);
  return members[name]?.(member) === true ? used : null;
}

/** `new Date(time)` and `instanceof Date` know no present. */
function dateUse(node: ESTree.Node, parent: ESTree.Node): string | null {
  if (parent.type === 'BinaryExpression' && parent.operator === 'instanceof') return null;
  if (parent.type === 'NewExpression' && parent.callee === node)
    return parent.arguments.length === 0 ? 'new Date()' : null;
  return parent.type === 'CallExpression' && parent.callee === node ? 'Date()' : 'Date';
}
