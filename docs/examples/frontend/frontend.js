// A frontend in one file, to show that the API is enough for one. No framework, no build step.
// Two habits to copy: text from the API becomes text (textContent), never markup; and tokens live in this module's
// memory only, so that closing the page forgets them.

const DUTIES = {
  definePurpose: "Syfte", inform: "Information", recruitMentees: "Rekrytera adepter", recruitMentors: "Rekrytera mentorer",
  screenMentees: "Pröva adepter", screenMentors: "Pröva mentorer", trainMentees: "Utbilda adepter",
  trainMentors: "Utbilda mentorer", proposeMatches: "Föreslå par", approveMatches: "Godkänna par",
  signMatchAgreements: "Överenskommelser med par", followUpMatches: "Följa upp par", handleIncidents: "Hantera incidenter",
  recordOutcomes: "Dokumentera resultat", reportToCommittee: "Rapportera till nämnden",
  holdPersonalData: "Personuppgiftsansvar", provideHostPlace: "Praktikplatser", publishOpening: "Publicera öppning",
  fund: "Finansiering",
};
const RUN_STATES = { queued: "I kö …", running: "Räknar …", failed: "Matchningen misslyckades.", cancelled: "Matchningen avbröts." };
const PATIENCE_MS = 120_000;

const $ = (id) => document.getElementById(id);
let session = null; // { api, accessToken, refreshToken, sessionId }
let renewal = null; // one at a time: calls that meet the end of the token together wait for the same one
let shown = 0; // what was asked for last; answers to earlier questions are dropped

/** One call. Answers the body; throws an Error with the problem's title, which the API gives in Swedish. */
async function call(method, path, body, isRetry = false) {
  const headers = { "Accept-Language": "sv" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (session.accessToken) {
    headers.Authorization = `Bearer ${session.accessToken}`;
    if (method === "POST") headers["Idempotency-Key"] = crypto.randomUUID();
    if (method === "DELETE") headers["If-Match"] = "*";
  }
  let answer;
  try {
    answer = await fetch(session.api + path, { method, headers, body: JSON.stringify(body), cache: "no-store" });
  } catch {
    throw new Error("API:et svarar inte, eller släpper inte in den här sidans adress (MENTORSKAP_ALLOWED_ORIGINS).");
  }
  const said = answer.status === 204 ? null : await answer.json();
  if (answer.ok) return said;
  if (answer.status === 401 && (session.refreshToken || renewal) && !isRetry) {
    await (renewal ??= renew().finally(() => (renewal = null)));
    return call(method, path, body, true);
  }
  throw new Error(said.title);
}

/** An access token lives ten minutes; the refresh token is used once and gives the next pair. */
async function renew() {
  const { refreshToken } = session;
  session = { ...session, accessToken: null, refreshToken: null };
  Object.assign(session, await call("POST", "/auth/tokens", { refreshToken }, true));
}

/** Every item of a collection, page after page. */
async function every(path) {
  const items = [];
  for (let page = 1; ; page += 1) {
    const told = await call("GET", `${path}${path.includes("?") ? "&" : "?"}page=${page}&limit=100`);
    items.push(...told.items);
    if (!told.links.next) return items;
  }
}

/** An element with its text or children; whatever comes from the API goes through here. */
function element(name, content, attributes = {}) {
  const made = document.createElement(name);
  made.append(...[content].flat());
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function option(one) {
  return element("option", one.name, { value: one.id });
}

/** Do something that may be refused; the refusal is read out, and the button waits meanwhile. */
async function attempt(act, button) {
  if (button?.getAttribute("aria-disabled") === "true") return;
  $("alert").textContent = "";
  button?.setAttribute("aria-disabled", "true");
  try {
    await act();
  } catch (problem) {
    $("alert").textContent = problem.message;
  } finally {
    button?.removeAttribute("aria-disabled");
  }
}

async function logIn() {
  session = { api: $("api").value.replace(/\/+$/, "") };
  const body = { email: $("email").value, password: $("password").value };
  Object.assign(session, await call("POST", "/auth/sessions", body));
  $("password").value = "";
  const me = await call("GET", "/me");
  const programs = await every("/programs?listing=own");
  $("name").textContent = `Inloggad: ${me.name}`;
  $("program").replaceChildren(...programs.map(option));
  $("login").hidden = true;
  $("who").hidden = $("work").hidden = false;
  $("content").focus();
  await showProgram();
}

/** The page forgets everything at once; then the server is told, so that the refresh token is worthless too. */
async function logOut() {
  shown += 1;
  for (const id of ["matrix", "pairs", "unmatched", "program", "cohort"]) $(id).replaceChildren();
  $("name").textContent = $("status").textContent = "";
  $("who").hidden = $("work").hidden = $("result").hidden = true;
  $("login").hidden = false;
  $("email").focus();
  try {
    await call("DELETE", `/me/sessions/${session.sessionId}`);
  } finally {
    session = null;
  }
}

async function showProgram() {
  const asked = (shown += 1);
  const program = $("program").value;
  $("result").hidden = true;
  $("status").textContent = "";
  if (!program) throw new Error("Du har inget program.");
  const [matrix, cohorts] = await Promise.all([
    call("GET", `/programs/${program}/responsibilities`),
    every(`/programs/${program}/cohorts`),
  ]);
  if (asked !== shown) return;
  $("matrix").replaceChildren(
    ...matrix.items.map((one) =>
      element("tr", [
        element("th", DUTIES[one.duty] ?? one.duty, { scope: "row" }),
        element("td", one.accountable?.name ?? "Ingen"),
        element("td", one.supporting.map((partner) => partner.name).join(", ") || "–"),
      ]),
    ),
  );
  const open = cohorts.filter((one) => one.status === "open").sort((a, b) => b.startsOn.localeCompare(a.startsOn));
  $("cohort").replaceChildren(...open.map(option));
}

async function match() {
  const asked = shown;
  $("result").hidden = true;
  $("status").textContent = RUN_STATES.queued;
  try {
    let run = await call("POST", `/programs/${$("program").value}/match-runs`, { cohortId: $("cohort").value });
    const until = Date.now() + PATIENCE_MS;
    while (["queued", "running"].includes(run.status) && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      if (asked !== shown) return;
      run = await call("GET", `/match-runs/${run.id}`);
      if (asked !== shown) return;
      $("status").textContent = RUN_STATES[run.status] ?? "";
    }
    if (run.status !== "completed") throw new Error(RUN_STATES[run.status] ?? run.status);
    const [pairs, unmatched] = await Promise.all([
      every(`/match-runs/${run.id}/pairs`),
      every(`/match-runs/${run.id}/unmatched`),
    ]);
    if (asked === shown) showResult(run, pairs, unmatched);
  } catch (problem) {
    if (asked !== shown) return;
    $("status").textContent = "";
    throw problem;
  }
}

function showResult(run, pairs, unmatched) {
  const proof = run.isOptimal ? " Bevisat bästa möjliga." : "";
  $("status").textContent = `${pairs.length} par, ${unmatched.length} utan mentor.${proof}`;
  $("pairs").replaceChildren(
    ...pairs.map((one) =>
      card(`Adept ${short(one.menteeEnrolmentId)} och mentor ${short(one.mentorEnrolmentId)}`, one.explanation.sv),
    ),
  );
  $("unmatched").replaceChildren(
    ...unmatched.map((one) => card(`Adept ${short(one.menteeEnrolmentId)}`, one.explanation.sv)),
  );
  $("result").hidden = false;
  $("pairs-heading").focus();
}

/** Runs speak of enrolments, without names; the end of the id is enough to tell them apart. */
function short(id) {
  return id.slice(-6);
}

function card(heading, reasons) {
  return element("li", [element("h4", heading), element("ul", reasons.map((reason) => element("li", reason)))]);
}

$("login").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(logIn, event.submitter);
});
$("match").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(match, $("run"));
});
$("program").addEventListener("change", () => attempt(showProgram));
$("logout").addEventListener("click", () => attempt(logOut, $("logout")));
