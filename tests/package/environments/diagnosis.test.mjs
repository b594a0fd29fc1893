/** What an error says of a request that failed in Chromium for a reason that the browser hides, and what is sent to know it. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { startBrowser } from "../support/browser.mjs";
import { installed, project, baseURL as sandbox } from "../support/setting.mjs";
import { startSite } from "../support/site.mjs";

const browser = await startBrowser({ after });
const site = await startSite({ "/": project("diagnosis"), "/package": installed }, { after });

/** A page of that origin whose client talks to that server. */
async function pageFor(t, baseURL, origin = site.origin) {
  const context = await browser.newContext();
  t.after(() => context.close());
  if (origin !== site.origin) {
    await context.route(`${origin}/**`, async (route) => {
      const url = route.request().url().replace(origin, site.origin);
      await route.fulfill({ response: await route.fetch({ url }) });
    });
  }
  const page = await context.newPage();
  await page.goto(`${origin}/index.html?baseURL=${encodeURIComponent(baseURL)}`);
  await page.waitForFunction(() => globalThis.diagnose);
  return {
    context,
    page,
    ask: (options) => page.evaluate((options) => globalThis.ask(options), options),
    diagnose: (options) => page.evaluate((options) => globalThis.diagnose(options), options),
  };
}

/** A server of another origin than the page's; it remembers what it was sent. */
async function serverWith(t, answer) {
  const seen = [];
  const server = createServer(async (req, res) => {
    let body = "";
    for await (const piece of req) body += piece;
    seen.push({ method: req.method, url: req.url, headers: req.headers, body });
    answer(req, res);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { seen, origin: `http://127.0.0.1:${server.address().port}` };
}

/** A server that answers with these headers. */
const withHeaders =
  (headers, status = 200) =>
  (_, res) =>
    res.writeHead(status, headers).end("{}");

/** The error tells it, the report too, and the failure itself is not lost. */
async function tells({ ask, diagnose }, code, says, headers = []) {
  const error = await ask();
  assert.equal(error.name, "APIConnectionError", JSON.stringify(error));
  assert.equal(error.code, "connection_failed");
  assert.match(error.message, /^The server could not be reached \(Failed to fetch\)\. /);
  assert.match(error.message, says);
  assert.match(error.cause, /TypeError: Failed to fetch/);
  const report = await diagnose();
  assert.deepEqual({ code: report.code, headers: report.headers }, { code, headers }, JSON.stringify(report));
  assert.ok(error.message.endsWith(report.message), report.message);
}

test("a server without CORS headers does not allow the origin", async (t) => {
  const { origin, seen } = await serverWith(t, withHeaders({}));
  const says = new RegExp(`does not allow this page: .*access-control-allow-origin: ${site.origin}"`);
  await tells(await pageFor(t, `${origin}/v1`), "cors_origin", says);
  assert.ok(seen.length > 0);
  const sent = JSON.stringify(seen);
  assert.ok(!sent.includes("sk-short-lived") && !sent.includes("the payload"), sent);
});

test("a server that allows another origin does not allow this one", async (t) => {
  const headers = { "access-control-allow-origin": "https://another.example", "access-control-allow-headers": "*" };
  const { origin } = await serverWith(t, withHeaders(headers));
  await tells(await pageFor(t, origin), "cors_origin", /does not allow this page/);
});

test("a server that does not allow the header authorization is told by that header", async (t) => {
  const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "content-type" };
  const { origin, seen } = await serverWith(t, withHeaders(headers));
  const says =
    /does not allow the headers authorization of this page: .*access-control-allow-headers: authorization,content-type"/;
  await tells(await pageFor(t, origin), "cors_headers", says, ["authorization"]);
  assert.ok(!JSON.stringify(seen).includes("sk-short-lived"));
});

test("a header of the caller's own that the server does not allow is named", async (t) => {
  const headers = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "authorization, content-type",
  };
  const { origin } = await serverWith(t, withHeaders(headers));
  const { diagnose } = await pageFor(t, origin);
  const report = await diagnose({ defaultHeaders: { "X-Mine": "private", "X-Gone": null } });
  assert.deepEqual([report.code, report.headers], ["cors_headers", ["x-mine"]]);
});

test("a server whose errors lack CORS headers answers everything but the request itself", async (t) => {
  const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "authorization, content-type" };
  const { origin, seen } = await serverWith(t, (req, res) =>
    res.writeHead(req.method === "POST" ? 502 : 200, req.method === "POST" ? {} : headers).end("{}"),
  );
  await tells(await pageFor(t, origin), "ok", /its errors may lack CORS headers/);
  for (const { method, headers, body } of seen.filter(({ method }) => method !== "POST")) {
    assert.ok(!`${headers.authorization}`.includes("sk-") && body === "", method);
  }
});

test("a port where nobody listens cannot be reached", async (t) => {
  const left = createServer().listen(0, "127.0.0.1");
  await once(left, "listening");
  const { port } = left.address();
  left.close();
  await once(left, "close");
  await tells(await pageFor(t, `http://127.0.0.1:${port}/v1`), "unreachable", /cannot be reached: is baseURL right/);
});

test("a server that never answers is not waited for for ever", async (t) => {
  const { origin } = await serverWith(t, () => {});
  const { diagnose } = await pageFor(t, origin);
  const report = await diagnose();
  assert.equal(report.code, "unreachable");
  assert.match(report.message, /does not answer within 3000 ms/);
});

test("a browser that is offline is told as that", async (t) => {
  const page = await pageFor(t, "https://api.example/v1");
  await page.ask();
  await page.context.setOffline(true);
  await tells(page, "offline", /The browser is offline/);
});

test("a page of https: that asks http: is told of mixed content", async (t) => {
  const { ask, diagnose } = await pageFor(t, "http://api.example/v1", "https://page.example");
  // A key would not even be tried to be sent there.
  const withoutKey = { ask: () => ask({ apiKey: null }), diagnose };
  await tells(withoutKey, "mixed_content", /http:\/\/api\.example: serve the API by https/);
});

test("a Content-Security-Policy without the server is told as that", async (t) => {
  const { origin, seen } = await serverWith(t, withHeaders({ "access-control-allow-origin": "*" }));
  const policy = "default-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
  site.answers.set("/index.html", (_, res) => void res.setHeader("content-security-policy", policy));
  t.after(() => site.answers.clear());
  await tells(await pageFor(t, origin), "blocked_by_csp", new RegExp(`add ${origin} to connect-src`));
  assert.deepEqual(seen, []);
});

test("a server that works is said to", async (t) => {
  const { diagnose } = await pageFor(t, sandbox);
  const report = await diagnose();
  assert.deepEqual([report.code, report.url], ["ok", `${sandbox}/responses`], report.message);
});

test("nothing is tried where it is turned off, and by hand it is", async (t) => {
  const { origin, seen } = await serverWith(t, withHeaders({}));
  const { ask, diagnose } = await pageFor(t, origin);
  const error = await ask({ diagnoseNetwork: false });
  assert.match(error.message, /The browser hides why: .*CORS/);
  assert.deepEqual(
    seen.map(({ method }) => method),
    ["OPTIONS"],
  );
  assert.equal((await diagnose({ diagnoseNetwork: false })).code, "cors_origin");
});

test("a baseURL that is none of http: is told at once", async (t) => {
  const { diagnose } = await pageFor(t, "ftp://api.example/v1");
  assert.equal((await diagnose()).code, "invalid_url");
});

/** What is asked and told, where a script of the page runs that has no address of its own. */
const script = (server) => `import("${site.origin}/package/dist/index.js").then(async ({ OpenResponses }) => {
  const client = (baseURL) => new OpenResponses({ apiKey: null, baseURL, maxRetries: 0, hooks: { end() {} } });
  const ask = (baseURL) => client(baseURL).models.list().then(() => "it answered", (error) => error.message);
  const told = { asked: await ask("/v1"), diagnosis: await client("/v1").diagnose(), refused: await ask("${server}") };
  (globalThis.parent ?? globalThis).postMessage(told, ...(globalThis.parent ? ["*"] : []));
});`;

for (const [place, start] of [
  [
    "a frame of srcdoc",
    (page, script) =>
      page.evaluate((script) => {
        const frame = document.createElement("iframe");
        frame.srcdoc = `<script type="module">${script}</script>`;
        const told = new Promise((resolve) => addEventListener("message", ({ data }) => resolve(data), { once: true }));
        document.body.append(frame);
        return told;
      }, script),
  ],
  [
    "a worker of a Blob",
    (page, script) =>
      page.evaluate((script) => {
        const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
        const worker = new Worker(address, { type: "module" });
        return new Promise((resolve) => worker.addEventListener("message", ({ data }) => resolve(data)));
      }, script),
  ],
]) {
  test(`in ${place} a relative address is the page's, and so is the origin that a server must allow`, async (t) => {
    site.answers.set("/v1/models", (_, res) =>
      res.writeHead(200, { "content-type": "application/json" }).end('{"data":[]}'),
    );
    t.after(() => site.answers.clear());
    const { origin } = await serverWith(t, withHeaders({}));
    const { page } = await pageFor(t, origin);
    const { asked, diagnosis, refused } = await start(page, script(origin));
    assert.equal(asked, "it answered");
    assert.deepEqual([diagnosis.code, diagnosis.url], ["ok", `${site.origin}/v1/responses`], diagnosis.message);
    assert.ok(refused.includes(`"access-control-allow-origin: ${site.origin}"`), refused);
  });
}

test("a page's base counts for the key as it counts for the request", async (t) => {
  const { page, ask, diagnose } = await pageFor(t, "/v1");
  await page.evaluate(() => {
    document.head.append(Object.assign(document.createElement("base"), { href: "http://other.example/" }));
  });
  const sent = [];
  page.on("request", (request) => sent.push([request.method(), request.url(), request.headers().authorization]));
  const { code, message } = await ask();
  assert.equal(code, "insecure_base_url", message);
  assert.match(message, /to other\.example over plain http/);
  assert.deepEqual(sent, []);
  assert.equal((await diagnose()).url, "http://other.example/v1/responses");
});
