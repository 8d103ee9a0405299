import type { FastifyInstance } from 'fastify';
import { collection, idParams, listQuery, single } from '../../../contract/v2/conventions.ts';
import { Creator, CreatorChanges, creatorFilters, creatorSort, NewCreator } from '../../../contract/v2/creator.ts';
import { createCreator } from '../../../services/creators/create-creator.ts';
import { deleteCreator } from '../../../services/creators/delete-creator.ts';
import { getCreator } from '../../../services/creators/get-creator.ts';
import { listCreators } from '../../../services/creators/list-creators.ts';
import { creatorProblems } from '../../../services/creators/parse-creator.ts';
import { updateCreator } from '../../../services/creators/update-creator.ts';
import { closePage, cursorProblems, type ListSpec, openPage } from '../list.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { linkRoutes } from './link-routes.ts';
import { presentCreator } from './present.ts';
import { topRoute } from './top-route.ts';

const list = {
  path: '/creators',
  sort: creatorSort,
  filters: Object.keys(creatorFilters),
} satisfies ListSpec<(typeof creatorSort.keys)[number]>;

const params = idParams('creator_id');

export function creatorRoutes(app: FastifyInstance, deps: RouteDeps): void {
  readRoutes(app, deps);
  topRoute(app, deps);
  createRoute(app, deps);
  changeRoutes(app, deps);
  linkRoutes(app, deps);
}

function readRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'list_creators',
      method: 'GET',
      path: '/creators',
      tag: 'Creators',
      scope: 'read',
      summary: 'Creators',
      query: listQuery(creatorSort, creatorFilters),
      validate: (raw, _now, organizationId) => cursorProblems(list, raw, organizationId),
      success: 200,
      response: collection(Creator, creatorFilters, creatorSort),
      errors: [],
    },
    async (ctx, { query }) => {
      const page = openPage(ctx, list, query);
      return closePage(ctx, list, page, await listCreators(ctx, page), presentCreator);
    },
  );
  operation(
    app,
    deps,
    {
      id: 'get_creator',
      method: 'GET',
      path: '/creators/:creator_id',
      tag: 'Creators',
      scope: 'read',
      summary: 'One creator',
      description: 'Its accounts: GET /accounts?creator_id=',
      params,
      success: 200,
      response: single(Creator),
      errors: ['NOT_FOUND'],
    },
    async (ctx, input) => {
      const creator = await getCreator(ctx, { creatorId: input.params.creator_id });
      return { body: { data: presentCreator(creator) } };
    },
  );
}

function createRoute(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'create_creator',
      method: 'POST',
      path: '/creators',
      tag: 'Creators',
      scope: 'write',
      summary: 'Make a creator: a group of accounts',
      body: NewCreator,
      validate: ({ body }) => creatorProblems(body),
      success: 201,
      response: single(Creator),
      errors: ['CONFLICT'],
      idempotent: true,
    },
    async (ctx, { body }) => {
      const creator = await createCreator(ctx, body);
      return { body: { data: presentCreator(creator) }, location: `/v2/creators/${creator.creator_id}` };
    },
  );
}

function changeRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'update_creator',
      method: 'PATCH',
      path: '/creators/:creator_id',
      tag: 'Creators',
      scope: 'write',
      summary: 'Change, pause or resume a creator',
      description: 'Pausing pauses its accounts; resuming resumes exactly those that pausing had paused.',
      params,
      body: CreatorChanges,
      validate: ({ body }) => creatorProblems(body),
      success: 200,
      response: single(Creator),
      errors: ['NOT_FOUND'],
    },
    async (ctx, { params: { creator_id: creatorId }, body: changes }) => {
      const creator = await updateCreator(ctx, { creatorId, changes });
      return { body: { data: presentCreator(creator) } };
    },
  );
  operation(
    app,
    deps,
    {
      id: 'delete_creator',
      method: 'DELETE',
      path: '/creators/:creator_id',
      tag: 'Creators',
      scope: 'write',
      summary: 'Delete a creator; its accounts stay',
      params,
      success: 204,
      errors: ['NOT_FOUND'],
    },
    async (ctx, input) => {
      await deleteCreator(ctx, { creatorId: input.params.creator_id });
      return {};
    },
  );
}
