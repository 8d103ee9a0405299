import type { Kysely } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { gainRow } from '../../metrics/post-days.ts';
import type { WindowFigures } from '../../metrics/series.ts';
import type { Window } from '../../metrics/windows.ts';
import { postGains } from '../posts/post-gains.ts';
import type { PostHolder } from '../posts/post-holder.ts';
import { figuresOfGains } from './batch.ts';

/** Figures of posts in a window, without followers and saves, under the id that `idOf` each has. */
export async function postFigures(
  db: Kysely<Database>,
  holders: readonly PostHolder[],
  window: Window,
  idOf: (holder: PostHolder) => string,
): Promise<Map<string, WindowFigures>> {
  const all = await postGains(db, holders, [window]);
  return new Map(all.map(({ holder, gains: [inWindow = []] }) => [idOf(holder), figuresOfGains(gainRow(inWindow))]));
}
