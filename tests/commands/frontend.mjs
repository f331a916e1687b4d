// What does a person see of the example frontend? Driven by the keyboard in a real browser; says it as one JSON object.
//   node frontend.mjs PAGE API FOLDER [BROWSER]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const [page_address, api, folder, browser_path] = process.argv.slice(2);
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];

/** The system's browser, or the one that comes as a package (with the libraries that it may lack here). */
async function launch() {
  const profile = join(folder, "profile");
  mkdirSync(profile, { recursive: true });
  const options = { headless: true, args: [...QUIET, `--user-data-dir=${profile}`] };
  if (browser_path) return puppeteer.launch({ ...options, executablePath: browser_path });
  const { default: chromium, inflate } = await import("@sparticuz/chromium");
  const packaged = { ...options, headless: "shell", executablePath: await chromium.executablePath() };
  try {
    return await puppeteer.launch(packaged);
  } catch (problem) {
    if (!inflate) throw problem;
    const bin = join(folder, "node_modules", "@sparticuz", "chromium", "bin");
    const libraries = join(await inflate(join(bin, "al2023.tar.br")), "lib");
    return puppeteer.launch({ ...packaged, env: { ...process.env, LD_LIBRARY_PATH: libraries } });
  }
}

const browser = await launch();
const seen = { faults: [], hosts: [] };
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (fault) => seen.faults.push(String(fault)));
  page.on("console", (said) => said.type() === "error" && seen.faults.push(said.text()));
  page.on("request", (asked) => seen.hosts.push(new URL(asked.url()).origin));
  const text = (selector) => page.$eval(selector, (found) => found.textContent.trim());
  const texts = (selector) => page.$$eval(selector, (found) => found.map((one) => one.textContent.trim()));
  const focused = () => page.evaluate(() => document.activeElement.id);
  const replace = async (value) => {
    await page.keyboard.down("Control");
    await page.keyboard.press("a");
    await page.keyboard.up("Control");
    await page.keyboard.type(value);
  };
  const picture = (name) => page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });

  await page.setViewport({ width: 1200, height: 900 });
  await page.goto(page_address);
  seen.language = await page.$eval("html", (found) => found.lang);
  await picture("login-wide");

  // By the keyboard only: skip link, address, e-mail, password, button.
  const order = [];
  for (let press = 0; press < 4; press += 1) {
    await page.keyboard.press("Tab");
    order.push(await focused());
    if (order.at(-1) === "api") await replace(api);
    if (order.at(-1) === "email") await page.keyboard.type("samordnare@nacka.example");
    if (order.at(-1) === "password") await page.keyboard.type("fel lösenord");
  }
  seen.order = order;
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("alert").textContent);
  seen.refusal = await text("#alert");
  seen.faults = seen.faults.filter((fault) => !fault.includes("401")); // the browser notes the refusal just asked for

  await page.focus("#password");
  await replace("mentorskap i nacka 2014");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#matrix tr");
  await page.waitForSelector("#cohort option");
  seen.alert = await text("#alert");
  seen.who = await text("#name");
  seen.focusAfterLogin = await focused();
  seen.visible = await page.$$eval("#login, #work, #who, #result", (found) => found.filter((one) => one.checkVisibility()).map((one) => one.id));
  seen.passwordLeft = await page.$eval("#password", (found) => found.value);
  seen.programs = await texts("#program option");
  seen.matrix = await page.$$eval("#matrix tr", (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  seen.cohorts = await texts("#cohort option");
  await picture("matrix-wide");

  await page.focus("#run");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#result:not([hidden])");
  seen.status = await text("#status");
  seen.focusAfterRun = await focused();
  seen.pairs = await page.$$eval("#pairs > li", (cards) => cards.map((card) => [...card.querySelectorAll("li")].map((one) => one.textContent)));
  seen.unmatched = await page.$$eval("#unmatched > li", (cards) => cards.map((card) => [...card.querySelectorAll("li")].map((one) => one.textContent)));
  await picture("result-wide");

  await page.setViewport({ width: 320, height: 640 });
  seen.widthAt320 = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: join(folder, "result-narrow.png") });
  seen.unlabelled = await page.$$eval("input, select, button", (found) =>
    found.filter((one) => !(one.labels?.length || one.textContent.trim())).map((one) => one.id),
  );
  seen.stored = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
  // The token runs out, for two calls at once: it is renewed once, and both are answered.
  await page.evaluate(() => {
    const really = window.fetch;
    let refused = 2;
    window.renewals = 0;
    window.fetch = (address, ...more) => {
      if (address.endsWith("/auth/tokens")) window.renewals += 1;
      else if (refused-- > 0) return Promise.resolve(Response.json({ title: "Utgången." }, { status: 401 }));
      return really(address, ...more);
    };
    document.getElementById("matrix").replaceChildren();
    document.getElementById("program").dispatchEvent(new Event("change"));
  });
  await page.waitForSelector("#matrix tr");
  seen.renewals = [await page.evaluate(() => window.renewals), await text("#alert")];

  // A partner whose name is markup: it is shown as it is spelt.
  await page.evaluate(() => {
    const really = window.fetch;
    const items = [{ duty: "fund", accountable: { name: '<img src="x" alt="">' }, supporting: [] }];
    window.fetch = (address, ...more) =>
      address.endsWith("/responsibilities") ? Promise.resolve(Response.json({ items })) : really(address, ...more);
  });
  await page.$eval("#program", (found) => found.dispatchEvent(new Event("change")));
  await page.waitForFunction(() => document.querySelectorAll("#matrix tr").length === 1);
  seen.hostile = [await text("#matrix td"), await page.$$eval("img", (found) => found.length)];

  await page.setViewport({ width: 1200, height: 900 });
  await page.click("#logout");
  await page.waitForFunction(() => document.activeElement.id === "email");
  seen.visibleAfterLogout = await page.$$eval("#login, #work, #who, #result", (found) => found.filter((one) => one.checkVisibility()).map((one) => one.id));
  seen.leftAfterLogout = await page.$$eval("#matrix tr, #pairs li, #program option", (found) => found.length);
  await page.waitForNetworkIdle();
  seen.hosts = [...new Set(seen.hosts)].sort();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
