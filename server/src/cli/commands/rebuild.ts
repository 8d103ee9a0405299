import { rebuildRollups } from '../../collector/rebuild.ts';
import type { Output } from '../output.ts';
import { createProgress } from '../progress.ts';
import { withRuntime } from '../runtime.ts';

export async function rebuild(output: Output): Promise<void> {
  await withRuntime({ command: 'rebuild', role: 'command' }, async ({ handle, logger }) => {
    const progress = createProgress('Accounts and videos', output);
    try {
      const rebuilt = await rebuildRollups({ db: handle.db, logger, onProgress: progress.update });
      progress.end();
      output.result({ ...rebuilt }, [
        `Rebuilt the figures of ${rebuilt.accounts} accounts and ${rebuilt.videos} videos from their readings`,
      ]);
    } finally {
      progress.end();
    }
  });
}
