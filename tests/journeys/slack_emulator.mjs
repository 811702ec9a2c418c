// Runs the Slack part of the `emulate` package. Arguments: its dist folder, the address for events, the seed as JSON.
//
// The package takes no event subscriptions, so one is registered before its plugin is. Two things differ from Slack and are put
// right around it: Slack answers GET as it answers POST, and names a method that it does not know instead of answering 404.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, eventsUrl, seed] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(join(folder, name)).href);
const defines = (name) => readFileSync(join(folder, name), "utf8").includes("var slackPlugin");
const { slackPlugin } = await load(readdirSync(folder).find((name) => /^dist-.*\.js$/.test(name) && defines(name)));
const { createEmulator } = await load("api.js");

const asPost = (request) => {
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("Content-Type", "application/x-www-form-urlencoded");
  return new Request(url.origin + url.pathname, { method: "POST", headers, body: url.searchParams.toString() });
};

const register = slackPlugin.register;
slackPlugin.register = (app, store, webhooks, ...rest) => {
  webhooks.register({ url: eventsUrl, events: ["*"], active: true, owner: "slack" });
  const answer = app.fetch.bind(app);
  app.fetch = async (request) => {
    const api = new URL(request.url).pathname.startsWith("/api/");
    const response = await answer(api && request.method === "GET" ? asPost(request) : request);
    return api && response.status === 404 ? Response.json({ ok: false, error: "unknown_method" }) : response;
  };
  return register.call(slackPlugin, app, store, webhooks, ...rest);
};

const emulator = await createEmulator({ service: "slack", port: 0, hostname: "127.0.0.1", seed: JSON.parse(seed) });
console.log(JSON.stringify({ url: emulator.url.replace("localhost", "127.0.0.1") }));
