/** The routing snapshot as the gateway asks it: credentials by hash, deployments by id and by name within a project. */
import type { Credential, Route, RoutingSnapshot } from '#contract/internal/routing-snapshot.ts';

export class RoutingTable {
  readonly version: number;
  readonly routes: readonly Route[];
  readonly #credentials: ReadonlyMap<string, Credential>;
  readonly #byId: ReadonlyMap<string, Route>;
  readonly #byProject = new Map<string, Map<string, Route>>();
  readonly #projects: ReadonlyMap<string, string>;
  readonly #suspended: ReadonlySet<string>;

  constructor(snapshot: RoutingSnapshot) {
    this.version = snapshot.version;
    this.routes = snapshot.routes;
    this.#credentials = new Map(snapshot.credentials.map((credential) => [credential.hash, credential]));
    this.#byId = new Map(snapshot.routes.map((route) => [route.id, route]));
    this.#projects = new Map(snapshot.projects.map((project) => [project.name, project.id]));
    this.#suspended = new Set(snapshot.projects.filter(({ suspended }) => suspended).map(({ id }) => id));
    for (const route of snapshot.routes) {
      const named = this.#byProject.get(route.projectId) ?? new Map<string, Route>();
      named.set(route.name, route);
      this.#byProject.set(route.projectId, named);
    }
  }

  static readonly empty = new RoutingTable({ version: 0, projects: [], routes: [], credentials: [] });

  get credentialCount(): number { return this.#credentials.size; }
  credential(hash: string): Credential | undefined { return this.#credentials.get(hash); }
  route(id: string): Route | undefined { return this.#byId.get(id); }
  named(projectId: string, name: string): Route | undefined { return this.#byProject.get(projectId)?.get(name); }
  inProject(projectId: string): Route[] { return [...(this.#byProject.get(projectId)?.values() ?? [])]; }
  suspended(projectId: string): boolean { return this.#suspended.has(projectId); }
  /** Those that an engine shall run for. */
  get running(): Route[] { return this.routes.filter((route) => !this.#suspended.has(route.projectId)); }
  project(name: string): string | undefined { return this.#projects.get(name); }
}
