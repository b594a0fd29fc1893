import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../www/sandbox/serve.mjs";
import { create, raw, until } from "./support/client.mjs";

const COMMAND = fileURLToPath(new URL("../../www/sandbox/serve.mjs", import.meta.url));

const root = mkdtempSync(join(tmpdir(), "sandbox-"));
const dir = join(root, "site");
mkdirSync(join(dir, "sub"), { recursive: true });
const TYPES = {
  "index.html": "text/html; charset=utf-8",
  "sub/index.html": "text/html; charset=utf-8",
  "a.css": "text/css; charset=utf-8",
  "a.js": "text/javascript; charset=utf-8",
  "a.mjs": "text/javascript; charset=utf-8",
  "a.d.ts": "text/plain; charset=utf-8",
  "a.json": "application/json",
  "a.js.map": "application/json",
  "a.svg": "image/svg+xml",
  "a.wasm": "application/wasm",
  "a b.bin": "application/octet-stream",
};
for (const name of Object.keys(TYPES)) writeFileSync(join(dir, name), `content of ${name}`);
writeFileSync(join(root, "secret.txt"), "secret");
symlinkSync(join(root, "secret.txt"), join(dir, "link.txt"));

const server = await serve({ mounts: [{ prefix: "/site", dir }] });
after(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

test("static files have their type and are not cached blindly", async () => {
  for (const [name, type] of Object.entries(TYPES)) {
    const answer = await fetch(`${server.origin}/site/${encodeURI(name)}?v=1`);
    assert.equal(answer.headers.get("content-type"), type);
    assert.equal(answer.headers.get("cache-control"), "no-cache");
    assert.equal(await answer.text(), `content of ${name}`);
  }
  const head = await fetch(`${server.origin}/site/a.css`, { method: "HEAD" });
  assert.equal(head.headers.get("content-length"), String("content of a.css".length));
});

test("a folder answers with its index, under its address with a slash", async () => {
  assert.equal(await (await fetch(`${server.origin}/site/`)).text(), "content of index.html");
  for (const path of ["/site", "/site/sub"]) {
    const answer = await fetch(server.origin + path);
    assert.equal(answer.url, `${server.origin}${path}/`);
    assert.match(await answer.text(), /content of .*index\.html/);
  }
});

/** Asks for a path as it is: fetch would tidy it up first. */
async function ask(path, method = "GET") {
  const socket = connect(new URL(server.origin).port, "127.0.0.1");
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  let text = "";
  for await (const chunk of socket) text += chunk;
  return text;
}

test("no path leads out of a static folder", async () => {
  const paths = [
    ...["/site/../secret.txt", "/site/%2e%2e/secret.txt", "/site/..%2fsecret.txt", "/site/sub/../../secret.txt"],
    ...[
      "/site/..%5csecret.txt",
      "/site//../secret.txt",
      "/site/link.txt",
      "/site/a.css%00",
      "/site/%",
      "/sitesecret.txt",
    ],
    `/site/${encodeURIComponent(join(root, "secret.txt"))}`,
  ];
  for (const path of paths) {
    const answer = await ask(path);
    assert.match(answer, /^HTTP\/1\.1 404 /, path);
    assert.ok(!answer.includes("secret\n") && !answer.endsWith("secret"), path);
  }
});

test("a method that no Request can have is refused", async () => {
  assert.match(await ask("/v1/responses", "TRACE"), /^HTTP\/1\.1 400 /);
});

test("the API works beside static folders", async () => {
  assert.equal((await create(server, { model: "sandbox/echo", input: "hi" })).status, "completed");
});

test("closing the server ends open streams", async () => {
  const other = await serve();
  const seen = await raw(other, { model: "sandbox/story", input: "?", stream: true }, "?stall=100");
  await until("100 bytes", () => Buffer.concat(seen.chunks).length === 100);
  await other.close();
  await seen.ended;
  assert.ok(seen.error);
});

/** Runs the command. @param {...string} args */
function run(...args) {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  const output = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    output.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.err += chunk;
  });
  const exit = once(child, "close").then(([code]) => ({ code, ...output }));
  const started = () => until("the server listens", () => /^sandbox listening on (\S+)\n$/.exec(output.out)?.[1]);
  return { child, exit, started };
}

test("the command serves until its input closes", async () => {
  const { child, exit, started } = run("--no-key", "--pace", "1", "--until-stdin-closes", "--mount", `/site=${dir}`);
  const baseURL = await started();
  assert.match(baseURL, /^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ model: "sandbox/echo", input: "hi" });
  assert.equal((await fetch(`${baseURL}/responses`, { method: "POST", headers, body })).status, 200);
  assert.equal((await fetch(new URL("/site/a.css", baseURL))).status, 200);
  child.stdin.end();
  assert.equal((await exit).code, 0);
});

test("the command serves until it is told to stop", async () => {
  const { child, exit, started } = run();
  await started();
  child.stdin.end();
  child.kill("SIGTERM");
  assert.equal((await exit).code, 0);
});

const MISUSES = [
  [["--prot", "1"], /^sandbox: unknown flag --prot\nusage: .*\n$/],
  [["--port", "http"], /^sandbox: --port takes a whole number up to 65535, not 'http'\n$/],
  [["--mount", "site"], /^sandbox: --mount takes PREFIX=DIR .*, not 'site'\n$/],
  [
    ["--mount", "/site=/does/not/exist"],
    /^sandbox: the folder '\/does\/not\/exist' to mount at '\/site' does not exist\n$/,
  ],
  [["--port", new URL(server.origin).port], /^sandbox: port \d+ on 127\.0\.0\.1 is already in use\n$/],
];
describe("the command", { concurrency: true }, () => {
  for (const [args, message] of MISUSES) {
    test(`explains what is wrong with ${args[0]} ${args[1].replace(/\d+/, "N")}`, async () => {
      const { exit } = run(...args);
      const { code, err } = await exit;
      assert.equal(code, 1);
      assert.match(err, message);
    });
  }
});
