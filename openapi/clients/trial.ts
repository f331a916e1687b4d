// Does a program of a frontend read well with the generated types? It is compiled, and never run.
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./mentorskap";

type Problem = components["schemas"]["ProblemDocument"];
type Pair = components["schemas"]["MatchRead"];

const api = createClient<paths>({ baseUrl: "http://127.0.0.1:8000/mentorskap/v1" });

export async function logIn(email: string, password: string): Promise<string> {
  const { data, error } = await api.POST("/auth/sessions", { body: { email, password } });
  if (error !== undefined) throw failure(error);
  return data.accessToken;
}

export function carry(token: string): void {
  const bearer: Middleware = {
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${token}`);
      return request;
    },
  };
  api.use(bearer);
}

export async function matches(page: number): Promise<Pair[]> {
  const { data, error } = await api.GET("/matches", { params: { query: { page, limit: 20 } } });
  if (error !== undefined) throw failure(error);
  return data.items;
}

export async function rename(programId: string, name: string, tag: string): Promise<void> {
  const { error } = await api.PATCH("/programs/{programId}", {
    params: { path: { programId }, header: { "If-Match": tag } },
    body: { name },
  });
  if (error !== undefined) throw failure(error);
}

function failure(problem: Problem): Error {
  return new Error(`${problem.code}: ${problem.title}`);
}
