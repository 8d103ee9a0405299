import type { FastifyInstance } from 'fastify';
import { idParams, single } from '../../../contract/v2/conventions.ts';
import { CreatorAccountLink } from '../../../contract/v2/creator.ts';
import { linkAccount } from '../../../services/creators/link-account.ts';
import { unlinkAccount } from '../../../services/creators/unlink-account.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { presentLink } from './present.ts';

const path = '/creators/:creator_id/accounts/:account_id';
const params = idParams('creator_id', 'account_id');

export function linkRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'link_creator_account',
      method: 'PUT',
      path,
      tag: 'Creators',
      scope: 'write',
      summary: 'Link an account to a creator',
      params,
      success: 201,
      alsoOk: 200,
      response: single(CreatorAccountLink),
      errors: ['NOT_FOUND', 'CONFLICT'],
    },
    async (ctx, { params: { creator_id: creatorId, account_id: accountId } }) => {
      const link = await linkAccount(ctx, { creatorId, accountId });
      const body = { data: presentLink(link) };
      if (!link.isNew) return { status: 200, body };
      return { body, location: `/v2/creators/${link.creatorId}/accounts/${link.accountId}` };
    },
  );
  operation(
    app,
    deps,
    {
      id: 'unlink_creator_account',
      method: 'DELETE',
      path,
      tag: 'Creators',
      scope: 'write',
      summary: 'Unlink an account from a creator; the account stays',
      params,
      success: 204,
      errors: ['NOT_FOUND'],
    },
    async (ctx, { params: { creator_id: creatorId, account_id: accountId } }) => {
      await unlinkAccount(ctx, { creatorId, accountId });
      return {};
    },
  );
}
