import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { unpack } from "../support/package.mjs";
import { client, created, json, run } from "./fake.mjs";

const script = `
  const answer = (url, { body }) => JSON.parse(body).stream ? whole(created, delta("Hi"), completed("Hi")) : json(completed("Ho").response);
  const { responses } = client(answer, { apiKey: async () => "k" });
  const params = { model: "m", input: "i" };
  let said = "";
  for await (const text of responses.stream(params).textStream) said += text;
  const branches = responses.stream(params).tee();
  for (const branch of branches) said += await branch.finalText();
  console.log(said + (await responses.create(params)).output_text);
`;

for (const name of ["WeakRef", "FinalizationRegistry", "Promise.allSettled"]) {
  test(`calls need no ${name}, which not every platform has`, () => {
    const { stdout, stderr } = run(script, ["--import", `data:text/javascript,Response;delete globalThis.${name}`]);
    assert.equal(stdout, "HiHiHiHo\n", stderr);
  });
}

for (const entry of ["index", "url", "slim", "fallback", "testing"]) {
  test(`importing ${entry}.js needs nothing of the platform, and no newer class of the language`, () => {
    // In a context of its own, which has what JavaScript has and nothing else.
    const script = `
      const { readFileSync } = await import("node:fs");
      const vm = await import("node:vm");
      const context = vm.createContext({});
      for (const name of ["WebAssembly", "WeakRef", "FinalizationRegistry"]) vm.runInContext("delete globalThis." + name, context);
      const modules = new Map();
      const load = (url) => {
        const known = modules.get(url);
        if (known) return known;
        const module = new vm.SourceTextModule(readFileSync(new URL(url), "utf8"), {
          identifier: url,
          context,
          initializeImportMeta: (meta) => Object.assign(meta, { url }),
        });
        modules.set(url, module);
        return module;
      };
      const entry = load(${JSON.stringify(pathToFileURL(join(unpack(), `dist/${entry}.js`)).href)});
      await entry.link((specifier, { identifier }) => load(new URL(specifier, identifier).href));
      await entry.evaluate();
      console.log(typeof (entry.namespace.OpenResponses ?? entry.namespace.play));
    `;
    const { stdout, stderr } = run(script, ["--experimental-vm-modules", "--no-warnings"]);
    assert.equal(stdout, "function\n", stderr);
  });
}

test("what a promise is rejected with is told as it is, whatever it is", async () => {
  for (const thrown of [null, undefined, 0, [], ["a"], { status: "fulfilled", value: "b" }, new Error("c")]) {
    const tokens = client(() => assert.fail("nothing is sent"), { apiKey: () => Promise.reject(thrown) });
    await assert.rejects(tokens.responses.create({ model: "m", input: "i" }), (error) => {
      assert.equal(error.code, "token_function_failed");
      assert.equal(error.cause, thrown);
      return true;
    });
  }
});

test("a promise whose then throws is one that is rejected", async () => {
  const thrown = new Error("no");
  const broken = Object.assign(Promise.resolve("k"), {
    // biome-ignore lint/suspicious/noThenProperty: the point of the test
    then() {
      throw thrown;
    },
  });
  const asked = client(() => json({ ...created.response, status: "completed" }), { apiKey: () => broken });
  await assert.rejects(asked.responses.create({ model: "m", input: "i" }), {
    code: "token_function_failed",
    cause: thrown,
  });
});
