import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../../config.ts';
import { errorCode } from '../../database/errors.ts';
import { CommandError } from '../failures.ts';

type Address = Pick<Config, 'host' | 'port'>;

/** Asked before anything is made: a first start that fails later has made a database and shown a key for nothing. */
export async function requireFreePort({ host, port }: Address): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    probe.listen({ host, port });
    await once(probe, 'listening');
  } catch (error) {
    throw listenError(error, { host, port });
  }
  const closed = once(probe, 'close');
  probe.close();
  await closed;
}

/** What to do about an address that can't be listened on. */
export function listenError(error: unknown, { host, port }: Address): unknown {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is in use. Stop the program that uses it, or set TALLYLINE_PORT to another port (0 takes any free one).`,
    EACCES: `Port ${port} may not be used by this user. Set TALLYLINE_PORT to a port above 1023.`,
  };
  const code = errorCode(error) ?? '';
  const isNotOurs = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL', 'EAFNOSUPPORT'].includes(code);
  const reason = isNotOurs ? `${host} is not an address of this machine. Correct TALLYLINE_HOST.` : reasons[code];
  return reason === undefined ? error : new CommandError(reason);
}
