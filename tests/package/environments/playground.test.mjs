/** The playground, with the packed package, as a visitor uses it. */

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../../www/sandbox/serve.mjs";
import { open, startBrowser } from "../support/browser.mjs";
import { installed } from "../support/setting.mjs";

const PACE = 5;
const dir = fileURLToPath(new URL("../../../www/playground", import.meta.url));
const server = await serve({
  pace: PACE,
  requireKey: false,
  mounts: [
    { prefix: "/pkg", dir: installed },
    { prefix: "/", dir },
  ],
});
after(() => server.close());
const browser = await startBrowser({ after });

/** A visitor at the page: waits until it is ready. */
async function visit() {
  const visitor = await open(browser, `${server.origin}/`);
  await visitor.page.waitForFunction(() => document.querySelector("#send").getAttribute("aria-disabled") === "false");
  return visitor;
}

const stateOf = (page, state) =>
  page.waitForFunction((wanted) => document.querySelector("#state").dataset.state === wanted, state);
const text = (page, selector) => page.locator(selector).innerText();

test("a prompt sent by keyboard is answered, event by event, to the end", async () => {
  const { page, errors } = await visit();
  await page.fill("#model", "sandbox/echo");
  await page.fill("#prompt", "Hello, playground!");
  await page.focus("#prompt");
  await page.keyboard.press("Control+Enter");
  await stateOf(page, "done");
  assert.match(await text(page, "#output"), /Hello, playground!/);
  assert.match(
    await text(page, "#events"),
    /response\.created[\s\S]*response\.output_text\.delta[\s\S]*response\.completed/,
  );
  assert.match(await text(page, "#tokens"), /\d+ \/ \d+/);
  assert.deepEqual(errors, []);
  await page.close();
});

test("the id of the request is shown as soon as the server has begun to answer", async () => {
  const { page } = await visit();
  await page.fill("#model", "sandbox/story");
  await page.fill("#prompt", "A story.");
  await page.click("#send");
  await page.waitForFunction(() => document.querySelector("#request-id").textContent.startsWith("req_"));
  assert.match(await page.getAttribute("#state", "data-state"), /^(connecting|streaming)$/);
  await page.keyboard.press("Escape");
  await stateOf(page, "stopped");
  assert.match(await text(page, "#request-id"), /^req_/);
  await page.close();
});

test("Escape stops a stream and keeps what has arrived", async () => {
  const { page, errors } = await visit();
  await page.fill("#model", "sandbox/story");
  await page.fill("#prompt", "A story.");
  await page.click("#send");
  await page.waitForFunction(() => document.querySelector("#output").innerText.length > 40);
  await page.keyboard.press("Escape");
  await stateOf(page, "stopped");
  assert.ok((await text(page, "#output")).length > 40);
  assert.deepEqual(errors, []);
  await page.close();
});

test("an error is shown with its class, status, code and request id, and the key nowhere but in its field", async () => {
  const { page, errors } = await visit();
  await page.fill("#model", "sandbox/echo");
  await page.fill("#prompt", "<img src=x onerror=alert(1)>");
  await page.locator("#connection > summary").click();
  await page.fill("#key", "wrong-key-of-the-visitor");
  await page.click("#send");
  await stateOf(page, "error");
  assert.match(await text(page, "#error"), /AuthenticationError[\s\S]*401[\s\S]*invalid_api_key[\s\S]*req_/);
  assert.doesNotMatch(await page.content(), /wrong-key-of-the-visitor/);
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
  );
  assert.doesNotMatch(kept, /wrong-key-of-the-visitor/);
  assert.deepEqual(errors, []);
  await page.close();
});

test("a key is for the server that was chosen when it was typed in, and for no other", async () => {
  const { page } = await visit();
  const sent = [];
  page.on("request", (request) => {
    if (request.url().startsWith(server.baseURL)) sent.push(request.headerValue("authorization"));
  });
  await page.route("https://other.example/**", (route) => route.abort());
  await page.locator("#connection > summary").click();
  const ways = [
    () => page.getByRole("button", { name: "Story" }).click(),
    () => page.check("[name=server][value=sandbox]", { force: true }),
    () => page.fill("#base-url", server.baseURL),
  ];
  for (const way of ways) {
    await page.fill("#base-url", "https://other.example/v1");
    await page.fill("#key", "a-key-of-theirs");
    await page.fill("#base-url", "https://other.example/v2");
    assert.equal(await page.inputValue("#key"), "a-key-of-theirs", "another path is no other server");
    await way();
    assert.equal(await page.inputValue("#key"), "");
    await page.click("#list-models");
  }
  await page.fill("#model", "sandbox/echo");
  await page.fill("#prompt", "Hello!");
  await page.click("#stop");
  await page.click("#send");
  await stateOf(page, "done");
  assert.ok(sent.length > ways.length);
  assert.deepEqual(new Set(await Promise.all(sent)), new Set([null]));
  await page.close();
});

test("at phone width most of the screen is the end of the answer while it streams, and Stop is in sight", async () => {
  const { page } = await visit();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.fill("#model", "sandbox/story");
  await page.fill("#prompt", "A story.");
  await page.click("#send");
  await page.waitForFunction(() => {
    const { scrollHeight, clientHeight } = document.querySelector("#answer");
    return scrollHeight > clientHeight + 100;
  });
  const seen = await page.evaluate(() => {
    const shown = (selector) => {
      const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
      return Math.min(innerHeight, bottom) - Math.max(0, top);
    };
    const { scrollHeight, scrollTop, clientHeight } = document.querySelector("#answer");
    return { answer: shown("#answer"), stop: shown("#stop"), below: scrollHeight - scrollTop - clientHeight };
  });
  assert.ok(seen.answer > 844 / 2, `${seen.answer} px`);
  assert.ok(seen.stop > 30);
  assert.ok(seen.below < 2);
  await page.click("#stop");
  await stateOf(page, "stopped");
  await page.close();
});

test("at phone width nothing scrolls sideways", async () => {
  const { page } = await visit();
  await page.setViewportSize({ width: 360, height: 740 });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0);
  await page.close();
});
