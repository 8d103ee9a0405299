import { createKey } from '../../services/keys/create-key.ts';
import { disableKey } from '../../services/keys/disable-key.ts';
import { enableKey } from '../../services/keys/enable-key.ts';
import type { Key } from '../../services/keys/key.ts';
import { listKeys } from '../../services/keys/list-keys.ts';
import { type Output, table } from '../output.ts';
import { organizationContext, withRuntime } from '../runtime.ts';

interface InOrganization {
  org: string;
}

export async function createKeyCommand(
  options: InOrganization & { name: string; scopes?: string[] },
  output: Output,
): Promise<void> {
  await inOrganization('keys create', options, async (ctx) => {
    const { key, secret } = await createKey(ctx, {
      name: options.name,
      ...(options.scopes === undefined ? {} : { scopes: options.scopes }),
    });
    output.result({ ...keyJson(key), api_key: secret }, [
      `Key ${key.name} (${key.scopes.join(', ')}): ${key.id}`,
      `API key (shown only this once): ${secret}`,
    ]);
  });
}

export async function listKeysCommand(options: InOrganization, output: Output): Promise<void> {
  await inOrganization('keys list', options, async (ctx) => {
    const keys = await listKeys(ctx);
    const rows = keys.map((key) => [
      key.id,
      key.prefix,
      key.name,
      key.scopes.join(','),
      state(key),
      day(key.createdAt),
    ]);
    output.result({ keys: keys.map(keyJson) }, table(['ID', 'PREFIX', 'NAME', 'SCOPES', 'STATE', 'CREATED'], rows));
  });
}

export async function setKeyState(
  options: InOrganization & { key: string; enabled: boolean },
  output: Output,
): Promise<void> {
  const command = options.enabled ? 'keys enable' : 'keys disable';
  await inOrganization(command, options, async (ctx) => {
    const key = await (options.enabled ? enableKey : disableKey)(ctx, { key: options.key });
    output.result(keyJson(key), [`Key ${key.name} (${key.prefix}…) is ${state(key)}`]);
  });
}

type Work = (ctx: Awaited<ReturnType<typeof organizationContext>>) => Promise<void>;

async function inOrganization(command: string, { org }: InOrganization, work: Work): Promise<void> {
  await withRuntime({ command, role: 'command' }, async (runtime) => {
    await work(await organizationContext(runtime, command, org));
  });
}

const state = (key: Key): string => (key.disabledAt === null ? 'enabled' : 'disabled');
const day = (at: Date): string => at.toISOString().slice(0, 10);

const keyJson = (key: Key): Record<string, unknown> => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  scopes: key.scopes,
  created_at: key.createdAt.toISOString(),
  disabled_at: key.disabledAt?.toISOString() ?? null,
});
