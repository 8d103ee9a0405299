import { audit } from '../audit.ts';
import { authorizeAdmin } from '../authorize-admin.ts';
import type { Context } from '../context.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { insertKey } from './insert-key.ts';
import type { Key } from './key.ts';
import { newKeySecret } from './key-secret.ts';
import { parseNewKey } from './parse-key.ts';

export interface CreateKeyInput {
  name: string;
  /** Absent: all scopes. */
  scopes?: readonly string[];
  /** A secret that was made elsewhere (TALLYLINE_BOOTSTRAP_KEY); absent: a new one. */
  secret?: string;
}

/** Makes a key of the organization. This answer is the only place where its secret can ever be read. */
export async function createKey(ctx: Context, input: CreateKeyInput): Promise<{ key: Key; secret: string }> {
  authorizeAdmin(ctx);
  const parsed = parseNewKey(input);
  const secret = input.secret ?? newKeySecret();
  return inTransaction(ctx, async (trx) => {
    const key = await insertKey(trx, ctx, parsed, secret);
    await bumpVersion(trx, [ctx.organizationId]);
    const detail = { name: key.name, prefix: key.prefix, scopes: key.scopes };
    await audit(trx, ctx, { action: 'key.create', subjectType: 'key', subjectId: key.id, detail });
    return { key, secret };
  });
}
