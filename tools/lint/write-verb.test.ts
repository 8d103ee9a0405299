import { RuleTester } from 'oxlint/plugins-dev';
import { describe, it } from 'vitest';
import { writeVerb } from './write-verb.ts';

RuleTester.describe = describe;
RuleTester.it = it;

const imports = `
import { sql, type Transaction } from 'kysely';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { authorizeAdmin } from '../authorize-admin.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
`;
const steps = {
  authorize: `authorize(ctx, 'write');`,
  parse: 'const value = parseInput(input);',
  transaction: 'await inTransaction(ctx, async (trx) => {',
  write: `await trx.deleteFrom('keys').where('id', '=', value.id).execute();`,
  version: 'await bumpVersion(trx, [ctx.organizationId]);',
  audit: `await audit(trx, ctx, { action: 'key.disable' });`,
  end: '});',
};
type Step = keyof typeof steps;
const all = Object.keys(steps) as Step[];

// Names that no list of write words would know.
const file = (code: string, path = 'services/keys/assign-key.ts') => ({
  filename: `/repo/server/src/${path}`,
  code: `${imports}\n${code}`,
});
const body = (names: Step[]) => names.map((name) => steps[name]).join('\n');
const verb = (names: Step[]) => file(`export async function assignKey(ctx, input) {\n${body(names)}\n}`);
const changed = (step: Step, text: string) => {
  const { code, ...rest } = verb(all);
  return { ...rest, code: code.replace(steps[step], text) };
};
const part = (code: string) => file(`async function part(trx: Transaction<Database>, ctx: Context) { ${code} }`);

const bad = (given: { filename: string; code: string }, ...messages: RegExp[]) => ({
  ...given,
  errors: messages.map((message) => ({ message })),
});
const without = (step: Step) => bad(verb(all.filter((name) => name !== step)), new RegExp(`without ${step}`));

new RuleTester({ languageOptions: { sourceType: 'module', parserOptions: { lang: 'ts' } } }).run(
  'write-verb',
  writeVerb,
  {
    valid: [
      verb(all),
      verb(['authorize', 'parse', 'transaction', 'write', 'audit', 'version', 'end']),
      changed('authorize', 'authorizeAdmin(ctx);'),
      changed('write', 'await removeKey(trx, value.id);'),
      changed('write', 'await sql`delete from keys where id = ${value.id}`.execute(trx);'),
      changed('write', `await trx.with('k', (db) => db.deleteFrom('keys')).selectFrom('k').execute();`),
      changed('write', 'await otherVerb({ ...ctx, db: trx }, value); await sql`update keys set a = 1`.execute(trx);'),
      part(`await trx.updateTable('keys').set({ a: 1 }).execute();`),
      part('await sql`insert into keys ${sql`values (1)`} on conflict do update set a = 1`.execute(trx);'),
      file('export async function getKey(ctx) { return sql`select 1 for no key update`.execute(ctx.db); }'),
      file(
        'export async function getKey(ctx) { return sql`select updated_at, 1 as insert_into from t`.execute(ctx.db); }',
      ),
      file(
        'export async function lookUp(db) { await sql`insert into w values (1)`.execute(db); }',
        'services/keys/open-sessions.ts',
      ),
      file(
        'export async function write(db) { await sql`insert into w values (1)`.execute(db); }',
        'collector/record.ts',
      ),
      file('const f = (db) => sql`select 1`.execute(db);', 'http/v2/zz.ts'),
      file('await sql`insert into keys values (1)`.execute(db);', 'services/keys/keys.db.test.ts'),
    ],
    invalid: [
      without('authorize'),
      without('parse'),
      without('write'),
      without('version'),
      without('audit'),
      bad(
        verb(['parse', 'authorize', 'transaction', 'write', 'version', 'audit', 'end']),
        /out of order: parse → authorize/,
      ),
      bad(verb(['authorize', 'parse', 'transaction', 'audit', 'write', 'version', 'end']), /out of order/),
      bad(verb(['authorize', 'parse', 'transaction', 'version', 'write', 'audit', 'end']), /bumps the version before/),
      // Who may write is asked of everybody, and reading is not writing.
      bad(changed('authorize', `authorize(ctx, 'read');`), /without authorize/),
      bad(changed('authorize', 'authorize(ctx, input.access);'), /without authorize/),
      bad(changed('authorize', `if (input.strict) authorize(ctx, 'write');`), /without authorize/),
      bad(changed('authorize', `const check = () => { authorize(ctx, 'write'); };`), /without authorize/),
      bad(
        file(
          `function authorizeAll() {}\nexport async function assignKey(ctx, input) { authorizeAll(ctx);\n${body(all.slice(1))} }`,
        ),
        /without authorize/,
      ),
      bad(changed('audit', 'await audit(ctx.db, ctx, {});'), /without audit/, /passes its transaction by/),
      bad(changed('audit', 'if (value.id) await audit(trx, ctx, {});'), /without audit/),
      bad(changed('audit', 'value.id && (await audit(trx, ctx, {}));'), /without audit/),
      bad(changed('version', 'if (value.id) { await bumpVersion(trx, []); }'), /without version/),
      bad(changed('version', 'await each(async () => { await bumpVersion(trx, []); });'), /without version/),
      // A verb is known by what it does: not by its name, nor by its place in the file.
      bad(file(`export async function purgeKeys(db) { await db.deleteFrom('keys').execute(); }`), /without/),
      bad(file(`export const reviveKey = async (ctx) => { await ctx.db.insertInto('keys').execute(); };`), /without/),
      bad(file(`export class Keys { async add() { await this.db.insertInto('keys').execute(); } }`), /without/),
      bad(
        file(
          `${verb(all).code.replace(imports, '')}\nexport async function b(ctx) { ${steps.transaction} ${steps.end} }`,
        ),
        /without/,
      ),
      bad(
        file(
          `async function b(ctx) { ${steps.transaction} ${steps.write} ${steps.end} }\n${verb(all).code.replace(imports, '')}`,
        ),
        /without/,
      ),
      bad(file('await sql`delete from keys`.execute(db);'), /belongs in a write verb/),
      // Every way to write.
      bad(file('const f = (db) => sql`\n -- why\n UPDATE keys set a = 1`.execute(db);'), /without/),
      bad(
        file('const f = (db) => sql`with gone as (delete from keys returning 1) select * from gone`.execute(db);'),
        /without/,
      ),
      bad(file('const f = (db) => sql`with a as (select 1) update keys set a = 1 from a`.execute(db);'), /without/),
      bad(file('const f = (db) => sql`select graphile_worker.add_job(${name})`.execute(db);'), /without/),
      bad(
        file('const f = (db) => sql`merge into keys using x on true when matched then delete`.execute(db);'),
        /without/,
      ),
      bad(file('const f = (db) => sql.raw("truncate keys").execute(db);'), /without/),
      bad(file('const f = (pool) => pool.query("delete from keys");'), /without/),
      bad(file(`import { sql as q } from 'kysely'; const f = (db) => q\`delete from keys\`.execute(db);`), /without/),
      bad(changed('write', `${steps.write} await trx[method]('keys').execute();`), /name what the database/),
      bad(changed('write', `${steps.write} await (trx as any)[method]('keys').execute();`), /name what the database/),
      bad(file('const read = (ctx) => ctx.db[method]("keys").execute();'), /name what the database/),
      // Callers of verbs.
      bad(file('const f = (db) => sql`delete from accounts`.execute(db);', 'http/v2/zz.ts'), /http writes nothing/),
      bad(file('const f = (db) => db.insertInto("keys").execute();', 'http/v2/zz.ts'), /http writes nothing/),
      bad(file('const f = (h) => h.db.deleteFrom("keys").execute();', 'cli/commands/zz.ts'), /cli writes nothing/),
      bad(file('await pool.query("truncate keys");', 'cli/commands/zz.ts'), /cli writes nothing/),
      bad(file('const f = (h) => h.db[method]("keys");', 'cli/commands/zz.ts'), /name what the database/),
      // Beside the transaction.
      bad(
        changed('write', `${steps.write} await ctx.db.deleteFrom('other').execute();`),
        /outside/,
        /passes its transaction by/,
      ),
      bad(
        changed('write', `${steps.write} await sql\`delete from other\`.execute(ctx.db);`),
        /outside/,
        /passes its trans/,
      ),
      bad(changed('write', `const { db } = ctx; await db.deleteFrom('keys').execute();`), /passes/, /outside/),
      bad(changed('write', `const text = sql\`delete from keys\`; await text.execute(trx);`), /outside/),
      bad(changed('write', `${steps.write} await otherVerb(ctx, value);`), /ctx leads out/),
      bad(part(`await ctx.db.updateTable('keys').execute();`), /outside/, /passes/),
      bad(part('await trx.transaction().execute(async (inner) => {});'), /opens no transaction/),
      bad(file('async function part(trx: Kysely<Database>) { await sql`delete from keys`.execute(trx); }'), /without/),
      bad(file('const f = (ctx) => removeKey(ctx.db as Transaction<Database>);'), /no cast makes/),
    ],
  },
);
