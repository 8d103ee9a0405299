/** Which methods each path has, for 405 and its Allow header. */
export interface RouteTable {
  add(method: string, pattern: string): void;
  /** Value of Allow for a path that exists, null for one that does not. */
  allowedMethods(path: string): string | null;
  /** Paths without ids, with their methods. */
  staticPaths(): { path: string; methods: ReadonlySet<string> }[];
}

export function createRouteTable(): RouteTable {
  const routes = new Map<string, { shape: RegExp; methods: Set<string> }>();
  return {
    add(method, pattern) {
      const route = routes.get(pattern) ?? { shape: shapeOf(pattern), methods: new Set<string>() };
      route.methods.add(method);
      if (method === 'GET') route.methods.add('HEAD');
      routes.set(pattern, route);
    },
    allowedMethods(path) {
      const route = routes.get(path) ?? [...routes.values()].find(({ shape }) => shape.test(path));
      return route === undefined ? null : [...route.methods].sort().join(', ');
    },
    staticPaths: () =>
      [...routes].filter(([path]) => !path.includes(':')).map(([path, { methods }]) => ({ path, methods })),
  };
}

const shapeOf = (pattern: string): RegExp => new RegExp(`^${pattern.replaceAll(/:[a-z_]+/g, '[^/]+')}$`);
