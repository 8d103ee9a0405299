import type { FastifyInstance } from 'fastify';
import { Account, AccountChanges, accountFilters, accountSort, NewAccount } from '../../../contract/v2/account.ts';
import { collection, idParams, listQuery, single } from '../../../contract/v2/conventions.ts';
import { createAccount } from '../../../services/accounts/create-account.ts';
import { deleteAccount } from '../../../services/accounts/delete-account.ts';
import { getAccount } from '../../../services/accounts/get-account.ts';
import { listAccounts } from '../../../services/accounts/list-accounts.ts';
import { newAccountProblems } from '../../../services/accounts/parse-account.ts';
import { updateAccount } from '../../../services/accounts/update-account.ts';
import { closePage, cursorProblems, type ListSpec, openPage } from '../list.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { presentAccount } from './present.ts';

const list = {
  path: '/accounts',
  sort: accountSort,
  filters: Object.keys(accountFilters),
} satisfies ListSpec<(typeof accountSort.keys)[number]>;

const params = idParams('account_id');

export function accountRoutes(app: FastifyInstance, deps: RouteDeps): void {
  readRoutes(app, deps);
  createRoute(app, deps);
  changeRoutes(app, deps);
}

function readRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'list_accounts',
      method: 'GET',
      path: '/accounts',
      tag: 'Accounts',
      scope: 'read',
      summary: 'Tracked accounts',
      query: listQuery(accountSort, accountFilters),
      validate: (raw, _now, organizationId) => cursorProblems(list, raw, organizationId),
      success: 200,
      response: collection(Account, accountFilters, accountSort),
      errors: [],
    },
    async (ctx, { query }) => {
      const page = openPage(ctx, list, query);
      return closePage(ctx, list, page, await listAccounts(ctx, page), presentAccount);
    },
  );
  operation(
    app,
    deps,
    {
      id: 'get_account',
      method: 'GET',
      path: '/accounts/:account_id',
      tag: 'Accounts',
      scope: 'read',
      summary: 'One account',
      params,
      success: 200,
      response: single(Account),
      errors: ['NOT_FOUND'],
    },
    async (ctx, input) => {
      const account = await getAccount(ctx, { accountId: input.params.account_id });
      return { body: { data: presentAccount(account) } };
    },
  );
}

function createRoute(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'create_account',
      method: 'POST',
      path: '/accounts',
      tag: 'Accounts',
      scope: 'write',
      summary: 'Track an account',
      description: 'Profile and recent posts are fetched in the background at once. Poll last_scrape_time.',
      body: NewAccount,
      validate: ({ body }) => newAccountProblems(body),
      success: 201,
      response: single(Account),
      errors: ['NOT_FOUND', 'CONFLICT', 'QUOTA_EXCEEDED'],
      idempotent: true,
    },
    async (ctx, { body }) => {
      const account = await createAccount(ctx, body);
      return { body: { data: presentAccount(account) }, location: `/v2/accounts/${account.account_id}` };
    },
  );
}

function changeRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'update_account',
      method: 'PATCH',
      path: '/accounts/:account_id',
      tag: 'Accounts',
      scope: 'write',
      summary: 'Change, pause, resume, link or unlink an account',
      params,
      body: AccountChanges,
      success: 200,
      response: single(Account),
      errors: ['NOT_FOUND', 'CONFLICT'],
    },
    async (ctx, { params: { account_id: accountId }, body: changes }) => {
      const account = await updateAccount(ctx, { accountId, changes });
      return { body: { data: presentAccount(account) } };
    },
  );
  operation(
    app,
    deps,
    {
      id: 'delete_account',
      method: 'DELETE',
      path: '/accounts/:account_id',
      tag: 'Accounts',
      scope: 'write',
      summary: 'Stop tracking an account',
      description: 'Adding it again within 30 days brings back its history.',
      params,
      success: 204,
      errors: ['NOT_FOUND'],
    },
    async (ctx, input) => {
      await deleteAccount(ctx, { accountId: input.params.account_id });
      return {};
    },
  );
}
