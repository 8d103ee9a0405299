import type { Share } from '../../services/context.ts';
import type { OpenSession } from '../../services/keys/open-sessions.ts';
import type { AddressLimit } from '../address-limit.ts';
import type { AnswerCache } from '../answer-cache.ts';
import type { AppDeps } from '../deps.ts';
import type { RouteTable } from '../route-table.ts';

/** What routes need beyond what the app was given: one of each per app. */
export interface RouteDeps extends AppDeps {
  openSession: OpenSession;
  addressLimit: AddressLimit;
  answers: AnswerCache;
  /** Of an organization in a state of its data; null when nothing is kept. */
  shareWithin: ((organizationId: string, state: string) => Share) | null;
  routes: RouteTable;
}
