import assert from "node:assert/strict";
import { test } from "node:test";
import {
  api,
  client,
  completed,
  created,
  delta,
  feed,
  instances,
  respond,
  run,
  settled,
  streamFixture,
  whole,
} from "./fake.mjs";

const format = { type: "json_schema", name: "n", schema: {} };
const params = { model: "m", input: "i", text: { format } };
const start = (answer, given = params) => client(answer).responses.stream(given);

const call = (output_index, piece) => ({
  type: "response.function_call_arguments.delta",
  output_index,
  item_id: `fc_${output_index}`,
  delta: piece,
});
const announced = (output_index, name) => ({
  type: "response.output_item.added",
  output_index,
  item: { type: "function_call", id: `fc_${output_index}`, call_id: `call_${output_index}`, name, arguments: "" },
});

/** All that `partials()` gives of deltas, each in a chunk of its own, as it was when it was given. */
async function grown(pieces, text = pieces.join("")) {
  const fed = feed();
  const values = [];
  const send = () => {
    const [piece] = pieces.splice(0, 1);
    fed.send(piece === undefined ? completed(text) : delta(piece));
    if (piece === undefined) fed.end();
  };
  const run = start(() => fed.response);
  // The next one is sent only when this one has been read, or shows nothing.
  run.on("event", (event) => event.type.endsWith(".delta") && send());
  send();
  for await (const value of run.partials()) values.push(structuredClone(value));
  return values;
}

/** What a prefix is once a word is completed and what is open is closed: the longest beginning of it that is JSON then. */
function mended(prefix) {
  for (let length = prefix.length; length > 0; length--) {
    const text = prefix.slice(0, length);
    const closing = [];
    let inString = false;
    for (let at = 0; at < length; at++) {
      if (text[at] === "\\") at++;
      else if (text[at] === '"') inString = !inString;
      else if (!inString && "{[".includes(text[at])) closing.unshift(text[at] === "{" ? "}" : "]");
      else if (!inString && "}]".includes(text[at])) closing.shift();
    }
    if (inString && /[\ud800-\udbff]$|\\u[dD][89abAB]..$/.test(text)) continue;
    const words = inString || length < prefix.length ? [""] : ["", ...WORD_ENDS];
    for (const end of words) {
      try {
        return JSON.parse(text + end + (inString ? '"' : "") + closing.join(""));
      } catch {}
    }
  }
  return undefined;
}
const WORD_ENDS = ["true", "false", "null"].flatMap((word) => [...word].slice(1).map((_, at) => word.slice(at + 1)));

/** Numbers from 0 to 1, the same ones each time. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

test("a document of 20 KB, cut at random, is at every cut what mending and parsing gives", async () => {
  const random = numbers(7);
  const scalars = [
    -0,
    1.5e-7,
    123456789012345680000,
    true,
    false,
    null,
    "",
    'q"\\\n\u0001',
    "é🦀\ud83d lone",
    "plain text",
  ];
  const scalar = () => scalars[Math.floor(random() * scalars.length)];
  const record = (depth) => ({
    name: scalar(),
    list: Array.from({ length: Math.floor(random() * 4) }, scalar),
    7: scalar(),
    ...(depth > 0 ? { inner: record(depth - 1), "🦀": [record(depth - 1)] } : {}),
  });
  const records = [];
  while (JSON.stringify(records).length < 20_000) records.push(record(3));
  const text = JSON.stringify(records, null, 1)
    .replaceAll("é", "\\u00e9")
    .replace("🦀\\ud83d", "\\ud83e\\udd80\\ud83d");
  const pieces = [];
  for (let at = 0; at < text.length; at += pieces.at(-1).length) {
    pieces.push(text.slice(at, at + 1 + Math.floor(random() * 120)));
  }
  assert.ok(text.length > 20_000 && pieces.length > 300);
  const cuts = pieces.map((_, count) => pieces.slice(0, count + 1).join(""));
  const values = await grown(pieces, text);
  let at = 0;
  for (const cut of cuts) {
    const expected = mended(cut);
    // A piece that shows nothing, such as half a name, is not told of.
    while (at + 1 < values.length && JSON.stringify(values[at]) !== JSON.stringify(expected)) at++;
    assert.deepEqual(values[at], expected, JSON.stringify(cut.slice(-40)));
  }
  assert.deepEqual(values.at(-1), JSON.parse(text));
});

test("every prefix of what is hard is mended, and the whole is what JSON.parse gives", async () => {
  const texts = [
    '{"a":-0,"b":[1.50,-12e+3,0.1E-2],"a":"again"}',
    '{"__proto__":{"x":"y"},"constructor":1,"__proto__":{"z":[1]},"toString":"s"}',
    '["\\ud83e\\udd80","\\ud83e","\\udd80\\ud83e","\\ud83e\\u0041","🦀","a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9"]',
    ' { "tr" : true , "10" : null , "9" : false , "" : { } , "e" : [ ] } ',
    '"only a string"',
    "-12.5e3",
    "[[[[{}]]]]",
    "123456789012345678901234567890",
    "true",
  ];
  for (const text of texts) {
    const expected = [];
    for (let length = 1; length <= text.length; length++) {
      const value = mended(text.slice(0, length));
      if (value !== undefined) expected.push(value);
    }
    const distinct = (values) => [
      ...new Set(values.map((value) => (Object.is(value, -0) ? "-0" : JSON.stringify(value)))),
    ];
    const values = await grown(text.split(""), text);
    assert.deepEqual(distinct(values), distinct(expected), text);
    assert.deepEqual(values.at(-1), JSON.parse(text));
    assert.equal(JSON.stringify(values.at(-1)), JSON.stringify(JSON.parse(text)), "the order of members too");
  }
});

test("a member named __proto__ is a member, and no prototype", async () => {
  const [value] = await collect(start(() => whole(delta('{"__proto__":{"polluted":true}}'), completed(""))).partials());
  assert.deepEqual(Object.keys(value), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(value.polluted, undefined);
  assert.equal({}.polluted, undefined);
});

test("members of the names that every object has are members like any other, where those are frozen too", async () => {
  const names = Object.getOwnPropertyNames(Object.prototype);
  const text = `{${names.map((name, at) => `"${name}":${["1234", '"text"', "null", '{"a":[]}'][at % 4]}`).join()}}`;
  const script = `
    const pieces = [...${JSON.stringify(text)}];
    const stream = (fastPath) => client(
      () => whole(created, ...pieces.map(delta), completed(pieces.join(""))), { fastPath },
    ).responses.stream(${JSON.stringify(params)});
    const last = async (fastPath) => {
      let value;
      for await (value of stream(fastPath).partials());
      return value;
    };
    const fields = stream(true);
    const heard = [];
    fields.on("field", ({ path }) => path.length === 1 && heard.push(path[0]));
    await fields.finalResponse();
    const values = [await last(true), await last(false)];
    const isPlain = values.every((value) => Object.getPrototypeOf(value) === Object.prototype);
    console.log(JSON.stringify([isPlain, heard, ...values]));`;
  for (const frozen of [
    "",
    "for (const all of [Object, Array, Error, Function, Promise]) Object.freeze(all.prototype);",
  ]) {
    const { stdout, stderr } = run(frozen + script);
    assert.equal(stderr, "");
    assert.equal(stdout.trim(), `[true,${JSON.stringify(names)},${text},${text}]`);
  }
});

test("a value that cannot grow any more, since somebody froze it, ends the stream and the call, and says why", async () => {
  const before = instances.calls;
  for (const read of [
    async (stream) => {
      for await (const value of stream.partials()) Object.freeze(value);
    },
    (stream) => stream.on("partial", Object.freeze).finalResponse(),
  ]) {
    const fed = feed();
    const run = start(() => fed.response);
    const outcome = assert.rejects(read(run), (error) => {
      assert.ok(error instanceof api.OpenResponsesError, String(error));
      assert.equal(error.code, "internal_error");
      assert.ok(error.cause instanceof TypeError, String(error.cause));
      return true;
    });
    fed.send(created, delta('{"a":1,'));
    await settled();
    fed.send(delta('"b":2,'));
    await outcome;
    assert.ok(fed.cancelled);
  }
  await settled();
  assert.equal(instances.calls, before);
});

test("a branch that cannot hand its values on ends alone", async () => {
  const fed = feed();
  const [broken, whole] = start(() => fed.response).tee();
  const outcome = assert.rejects(broken.on("partial", Object.freeze).finalResponse(), { code: "internal_error" });
  const text = whole.finalText();
  fed.send(created, delta('{"a":1,'));
  await settled();
  fed.send(delta('"b":2}'));
  await outcome;
  assert.ok(!fed.cancelled);
  fed.send(completed('{"a":1,"b":2}'));
  fed.end();
  assert.equal(await text, '{"a":1,"b":2}');
});

test("partials() gives the same object each time, after each chunk that adds to it", async () => {
  const fed = feed();
  const run = start(() => fed.response);
  const partials = run.partials()[Symbol.asyncIterator]();
  fed.send(created, delta('{"title":'), delta('"Hel'));
  const { value: first } = await partials.next();
  assert.deepEqual(first, { title: "Hel" });
  const next = partials.next();
  fed.send(delta('lo"'));
  assert.equal((await next).value, first);
  assert.deepEqual(first, { title: "Hello" });
  let isTold = false;
  const last = partials.next().finally(() => {
    isTold = true;
  });
  for (const piece of [",", '"n', '"', ":"]) {
    fed.send(delta(piece));
    await settled();
    assert.equal(isTold, false, "nothing is to be seen of a name");
  }
  fed.send(delta("1}"), completed('{"title":"Hello","n":1}'));
  fed.end();
  assert.equal((await last).value, first);
  assert.deepEqual(first, { title: "Hello", n: 1 });
  assert.equal((await partials.next()).done, true);
  assert.deepEqual(JSON.parse((await run.finalResponse()).output_text), first);
});

test("an output text that comes in one piece, at its end or with the response only, is given too", async () => {
  const text = '{"a":12}';
  const done = { type: "response.output_text.done", output_index: 0, content_index: 0, text };
  const item = { type: "message", id: "msg_1", content: [{ type: "output_text", text }] };
  for (const events of [
    [delta(text), done, completed(text)],
    [done, completed(text)],
    [{ type: "response.output_item.done", output_index: 0, item }, completed(text)],
    [created, completed(text)],
  ]) {
    assert.deepEqual(await collect(start(() => whole(...events)).partials()), [{ a: 12 }]);
  }
});

test("a number that is the whole output is complete when the text is", async () => {
  const heard = [];
  const run = start(() => whole(delta("1"), delta("2"), completed("12")));
  run.on("field", ({ path, value }) => heard.push([path, value]));
  assert.deepEqual(await collect(run.partials()), [12]);
  assert.deepEqual(heard, [[[], 12]]);
});

test("the last word of the server counts where it differs from the deltas, and what is behind it does not", async () => {
  const fed = feed();
  const run = start(() => fed.response);
  const done = { type: "response.output_text.done", output_index: 0, content_index: 0, text: '{"b":1}' };
  const values = [];
  fed.send(delta('{"a":"streamed"'));
  for await (const value of run.partials()) {
    values.push(value);
    if (values.length === 1) fed.send(done);
    if (values.length === 2) fed.send(delta("}"), completed('{"b":1}'));
  }
  assert.deepEqual(values, [{ a: "streamed" }, { b: 1 }]);
});

test("a text that was cut off keeps what there was of it, and is not complete", async () => {
  const items = [];
  const incomplete = completed('{"a":"b');
  incomplete.type = "response.incomplete";
  const run = start(() => whole(delta('{"a":'), delta('"b'), incomplete));
  run.on("partial", (_, item) => items.push(item));
  assert.deepEqual(await collect(run.partials()), [{ a: "b" }]);
  assert.deepEqual([items.at(-1).isComplete, items.at(-1).error], [false, undefined]);
});

test("two function calls that arrive by turns grow apart, and each listener is told of which", async () => {
  const partial = [];
  const fields = [];
  const run = start(
    () =>
      whole(
        announced(0, "weather"),
        announced(1, "time"),
        call(0, '{"city":"Pa'),
        call(1, '{"zones":["UT'),
        call(0, 'ris"'),
        call(1, 'C",'),
        call(0, "}"),
        call(1, "1]}"),
        completed(""),
      ),
    { model: "m", input: "i" },
  );
  run.on("partial", (value, item) => partial.push([value, item]));
  run.on("field", ({ path, value, item }) => fields.push([item.name, path.join("."), JSON.stringify(value)]));
  await run.finalResponse();
  assert.deepEqual(fields, [
    ["weather", "city", '"Paris"'],
    ["weather", "", '{"city":"Paris"}'],
    ["time", "zones.0", '"UTC"'],
    ["time", "zones.1", "1"],
    ["time", "zones", '["UTC",1]'],
    ["time", "", '{"zones":["UTC",1]}'],
  ]);
  assert.deepEqual(partial, [
    [
      { city: "Paris" },
      {
        type: "function_call",
        output_index: 0,
        content_index: undefined,
        item_id: "fc_0",
        call_id: "call_0",
        name: "weather",
        isComplete: true,
      },
    ],
    [
      { zones: ["UTC", 1] },
      {
        type: "function_call",
        output_index: 1,
        content_index: undefined,
        item_id: "fc_1",
        call_id: "call_1",
        name: "time",
        isComplete: true,
      },
    ],
  ]);
});

test("function calls are told apart by their ids where a server sends no indexes", async () => {
  const values = {};
  const withoutIndex = ({ output_index, ...event }) => event;
  const run = start(
    () => whole(...[call(0, '{"a"'), call(1, '{"b"'), call(0, ":1}"), call(1, ":2}")].map(withoutIndex), completed("")),
    { model: "m", input: "i" },
  );
  run.on("partial", (value, item) => {
    values[item.item_id] = value;
  });
  await run.finalResponse();
  assert.deepEqual(values, { fc_0: { a: 1 }, fc_1: { b: 2 } });
});

test("function calls that a server puts at one index are told apart by their ids", async () => {
  const at0 = (event) => ({ ...event, output_index: 0 });
  const item = (index, text) => ({ ...announced(index, `f${index}`).item, arguments: text });
  const fields = [];
  const run = start(() =>
    whole(
      ...[announced(1, "f1"), announced(2, "f2"), call(2, '{"b"'), call(1, '{"a"'), call(2, ":2}"), call(1, ":1}")].map(
        at0,
      ),
      { type: "response.output_item.done", output_index: 0, item: item(2, '{"b":2}') },
      {
        type: "response.completed",
        response: { output: [{ type: "reasoning", id: "rs_0" }, item(1, '{"a":1}'), item(2, '{"b":2}')] },
      },
    ),
  );
  run.on("field", ({ path, value, item }) => path.length === 0 && fields.push([item.call_id, item.name, value]));
  await run.finalResponse();
  assert.deepEqual(fields.sort(), [
    ["call_1", "f1", { a: 1 }],
    ["call_2", "f2", { b: 2 }],
  ]);
});

test("a function call whose id changes with each event is one call", async () => {
  const heard = [];
  const renamed = (event, item_id) => ({ ...event, item_id });
  const run = start(() =>
    whole(
      announced(0, "f"),
      renamed(call(0, '{"a"'), "x"),
      renamed(call(0, ":1}"), "y"),
      announced(1, "g"),
      completed(""),
    ),
  );
  run.on("field", ({ path, value, item }) => path.length === 0 && heard.push([item.name, value]));
  await run.finalResponse();
  assert.deepEqual(heard, [["f", { a: 1 }]]);
});

test("without index and id the last function call is meant", async () => {
  const heard = [];
  const bare = { type: "response.function_call_arguments.delta", delta: '{"a":1}' };
  const run = start(() => whole(announced(0, "first"), announced(1, "second"), bare, completed("")));
  run.on("partial", (value, item) => heard.push([value, item.name]));
  await run.finalResponse();
  assert.deepEqual(heard, [[{ a: 1 }, "second"]]);
});

test("arguments that are announced as empty are those that follow", async () => {
  const heard = [];
  const early = announced(0, "weather");
  early.item.arguments = "{}";
  const run = start(() => whole(early, call(0, '{"city":"Paris"}'), completed("")));
  run.on("partial", (value) => heard.push(value));
  await run.finalResponse();
  assert.deepEqual(heard, [{ city: "Paris" }]);
});

test("a server's event cannot pose as a partial", async () => {
  const run = start(() => whole({ type: "partial", mine: true }, { type: "field" }, completed("{}")));
  const heard = [];
  run.on("partial", (value) => heard.push(value)).on("field", ({ value }) => heard.push(value));
  await run.finalResponse();
  assert.deepEqual(heard, [{}, {}]);
});

test("an output text that is not asked to be JSON is none of the listeners' business", async () => {
  const heard = [];
  for (const text of [undefined, null, {}, { format: null }, { format: { type: "text" } }]) {
    const run = start(() => whole(delta("[1] is a footnote"), call(1, "{}"), completed("")), { ...params, text });
    run.on("partial", (value, item) => heard.push([value, item.type]));
    await run.finalResponse();
  }
  assert.deepEqual(heard, Array(5).fill([{}, "function_call"]));
});

test("a server's word that the output is JSON is enough", async () => {
  const heard = [];
  const begun = { ...created, response: { ...created.response, text: { format: { type: "json_object" } } } };
  const run = start(() => whole(begun, delta('{"a":1}'), completed('{"a":1}')), { model: "m", input: "i" });
  run.on("partial", (value) => heard.push(value));
  await run.finalResponse();
  assert.deepEqual(heard, [{ a: 1 }]);
});

test("once() hears of one, off() of none, emitted() gives the value", async () => {
  const fed = feed();
  const run = start(() => fed.response);
  let once = 0;
  const deaf = () => assert.fail("was taken off");
  run.once("field", () => {
    once += 1;
  });
  run.on("partial", deaf).off("partial", deaf);
  const next = run.emitted("partial");
  fed.send(delta("[1,2"), delta(",3]"), completed("[1,2,3]"));
  fed.end();
  assert.deepEqual(await next, [1, 2, 3]);
  await run.finalResponse();
  assert.equal(once, 1);
});

test("a listener that aborts hears of no further value, of those in the same chunk neither", async () => {
  for (const type of ["partial", "field"]) {
    const pieces = [announced(0, "one"), announced(1, "two"), call(0, '{"a":1}'), call(1, '{"b":2}')];
    const run = start(() => whole(...pieces, completed("")), { model: "m", input: "i" });
    let heard = 0;
    run.on(type, () => {
      heard += 1;
      run.abort();
    });
    await assert.rejects(run.finalResponse(), api.APIUserAbortError);
    assert.equal(heard, 1, type);
  }
});

test("listening to partials after the stream has begun is refused: what came is gone", async () => {
  const fed = feed();
  const run = start(() => fed.response);
  const events = run[Symbol.asyncIterator]();
  fed.send(delta('{"a'));
  await events.next();
  for (const type of ["partial", "field"]) {
    assert.throws(() => run.on(type, () => {}), { name: "OpenResponsesError", code: "reader_too_late" });
  }
  await events.return();
});

test("partials() throws where the text is no JSON, after what came before, and closes the connection", async () => {
  const fed = feed();
  const run = start(() => fed.response);
  const values = [];
  fed.send(created, delta('{"a":[1,2,'), delta("oops"));
  await assert.rejects(
    async () => {
      for await (const value of run.partials()) values.push(structuredClone(value));
    },
    (error) => {
      assert.ok(error instanceof api.ProtocolError);
      assert.equal(error.code, "invalid_json");
      assert.match(error.message, /invalid JSON at byte 10/);
      assert.doesNotMatch(error.message, /oops/);
      assert.equal(error.partial.output_text, '{"a":[1,2,oops');
      return true;
    },
  );
  assert.deepEqual(values, [{ a: [1, 2] }]);
  await assert.rejects(run.finalResponse(), { code: "invalid_json" });
  await settled();
  assert.ok(fed.cancelled, "the connection is closed");
});

test("JSON that is nested too deeply is an error of its own words", async () => {
  const run = start(() => whole(delta("[".repeat(600)), completed("")));
  await assert.rejects(collect(run.partials()), { code: "invalid_json", message: /nested deeper than 512 levels/ });
});

test("arguments that are no JSON are told to their listener, and disturb nobody else", async () => {
  const heard = [];
  const run = start(() => whole(call(0, '{"a":1,'), call(0, "b}"), call(1, '{"c":2}'), completed("fine")), {
    model: "m",
    input: "i",
  });
  run.on("partial", (value, { error, isComplete }) => heard.push([value, error?.code, isComplete]));
  assert.equal((await run.finalResponse()).output_text, "fine");
  assert.deepEqual(heard, [
    [{ a: 1 }, "invalid_json", false],
    [{ c: 2 }, undefined, true],
  ]);
});

test("leaving the loop closes the connection; the value stays", async () => {
  const fed = feed();
  fed.send(created, delta('{"a":[1'));
  let kept;
  for await (const value of start(() => fed.response).partials()) {
    kept = value;
    break;
  }
  await settled();
  assert.ok(fed.cancelled);
  assert.deepEqual(kept, { a: [1] });
});

test("a stream that breaks throws after the values that came", async () => {
  const run = start(() => whole(created, delta('{"a":1')));
  const values = [];
  await assert.rejects(async () => {
    for await (const value of run.partials()) values.push(value);
  }, api.StreamTruncatedError);
  assert.deepEqual(values, [{ a: 1 }]);
});

test("events that are not what they should be disturb nobody", async () => {
  const odd = [
    { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: 5 },
    { type: "response.output_text.done", output_index: 0, content_index: 0 },
    { type: "response.output_item.added", output_index: 0, item: "none" },
    { type: "response.output_item.done", output_index: 0, item: { type: "message", content: "none" } },
    {
      type: "response.output_item.done",
      output_index: 0,
      item: { type: "message", content: [null, { type: "output_text" }] },
    },
    { type: "response.output_item.done", output_index: 2, item: { type: "function_call", arguments: { not: "text" } } },
    { type: "response.in_progress", response: 5 },
    { type: "acme:done", item: null, response: null },
    { type: "response.completed", response: { status: "completed", output: [null, 5, { type: "message" }], text: 1 } },
  ];
  const heard = [];
  const run = start(() => whole(...odd.slice(0, -1), delta('{"a":1}'), odd.at(-1)));
  run.on("partial", (value) => heard.push(value)).on("error", assert.fail);
  assert.deepEqual(await collect(run.partials()), [{ a: 1 }]);
  assert.deepEqual(heard, [{ a: 1 }]);
});

test("a character of two halves, which a server may put into two deltas, is whole", async () => {
  const fed = feed();
  const run = start(() => fed.response);
  const values = [];
  fed.send(delta('["a\ud83e'));
  for await (const value of run.partials()) {
    values.push(structuredClone(value));
    if (values.length === 1) fed.send(delta('\udd80","\udd80"]'), completed(""));
  }
  assert.deepEqual(values, [["a"], ["a🦀", "\udd80"]]);
});

test("half a character behind a backslash is no JSON, as in the whole, and the value so far stays", async () => {
  const cuts = [
    [["a", "x"], '["a","x\\\ud83e', '\udd80"]'],
    [["a", "x"], '["a","x\\', "\ud83e", '\udd80"]'],
    [["a", "x"], '["a","x', '\\\ud83en"]'],
    [["a", "x"], '["a","x\\', '\udd80"]'],
    [["a", "x\\"], '["a","x\\\\', "\\\ud83e"],
    [{}, '{"x\\\ud83e', '\udd80":1}'],
  ];
  for (const [expected, ...cut] of cuts) {
    assert.throws(() => JSON.parse(cut.join("")), SyntaxError);
    const run = start(() => whole(created, ...cut.map(delta), completed("")));
    let value;
    run.on("partial", (partial) => {
      value = partial;
    });
    await assert.rejects(collect(run.partials()), {
      name: "ProtocolError",
      code: "invalid_json",
      message: new RegExp(`at byte ${cut.join("").search(/[\ud800-\udfff]/)}\\.`),
    });
    assert.deepEqual(value, expected, JSON.stringify(cut));
  }
});

test("half a character behind an escaped backslash is a half like any other", async () => {
  const text = '["\\\\🦀\\\\🦀","\\n🦀"]';
  const values = await collect(start(() => whole(created, ...text.split("").map(delta), completed(""))).partials());
  assert.deepEqual(values.at(-1), JSON.parse(text));
});

test("deltas of one chunk, of whatever characters and of two calls by turns, are read where they lie", async () => {
  const texts = ['{"é":"日本語🦀","list":[1.5,true,null]}', '["🦀\\ud83e\\udd80",{"ü":-0}]'];
  const events = [announced(0, "one"), announced(1, "two")];
  for (let at = 0; at < Math.max(texts[0].length, texts[1].length); at += 3) {
    for (const [index, text] of texts.entries()) {
      const piece = [...text].slice(at, at + 3).join("");
      if (piece) events.push(call(index, piece));
    }
  }
  const run = start(() => whole(created, ...events, completed("")), { model: "m", input: "i" });
  const fields = [];
  const values = [];
  run.on("field", ({ path, value, item }) => fields.push([item.name, path.join("."), JSON.stringify(value)]));
  run.on("partial", (value) => values.push(structuredClone(value)));
  await run.finalResponse();
  assert.deepEqual(values, texts.map(JSON.parse));
  assert.deepEqual(
    fields.map(([name, path]) => [name, path]),
    [
      ["one", "é"],
      ["one", "list.0"],
      ["one", "list.1"],
      ["one", "list.2"],
      ["one", "list"],
      ["one", ""],
      ["two", "0"],
      ["two", "1.ü"],
      ["two", "1"],
      ["two", ""],
    ],
  );
});

test("events, values and branches of one stream are the same, together and alone", async () => {
  const text = JSON.stringify({ a: ["🦀", "plain", 12.5], b: { c: "d".repeat(200) } });
  const events = [...text].map((piece, number) => ({ ...delta(piece), sequence_number: number }));
  const answer = () => respond(streamFixture([created, ...events, completed(text)]), { chunkBytes: 1_000 });
  const alone = await collect(snapshots(start(answer).partials()));
  const run = start(answer);
  const [told, together, again] = await Promise.all([
    collect(run),
    collect(snapshots(run.partials())),
    collect(snapshots(run.partials())),
  ]);
  const [branch, other] = start(answer).tee();
  const [branched] = await Promise.all([collect(snapshots(branch.partials())), collect(other)]);
  assert.ok(alone.length > 5);
  assert.deepEqual(alone.at(-1), JSON.parse(text));
  assert.deepEqual([together, again, branched], [alone, alone, alone]);
  assert.equal(told.map((event) => event.delta ?? "").join(""), text);
});

test("who hears of a field may have the memory grow, and hears of all that follow", async () => {
  const text = '["a",[1.5],{"b":"c"}]';
  const run = start(() => whole(created, delta("["), delta(text.slice(1)), completed(text)));
  const fields = [];
  run.on("field", ({ value }) => {
    instances.grow();
    fields.push(value);
  });
  await run.finalResponse();
  assert.deepEqual(fields, ["a", 1.5, [1.5], "c", { b: "c" }, JSON.parse(text)]);
});

test("the memory may grow while the deltas of a chunk are read", async () => {
  const pieces = Array.from({ length: 12 }, (_, index) => String(index % 10).repeat(300_000));
  const text = `["${pieces.join("")}"]`;
  const run = start(() => whole(created, delta('["'), ...pieces.map(delta), delta('"]'), completed("")));
  const before = instances.bytes;
  const values = await collect(run.partials());
  assert.ok(instances.bytes > before);
  assert.deepEqual(values.at(-1), JSON.parse(text));
});

test("a value stays the same object where the text ends as it was streamed, though its deltas cut characters in two", async () => {
  const text = '["a🦀b","\\ud83e","🦀"]';
  const fed = feed();
  const run = start(() => fed.response);
  const values = [];
  const pieces = text.split("");
  fed.send(created, ...pieces.map(delta));
  for await (const value of run.partials()) {
    values.push(value);
    if (values.length > 1) continue;
    fed.send(
      { type: "response.output_text.done", output_index: 0, content_index: 0, text: `${text} ` },
      completed(text),
    );
    fed.end();
  }
  assert.deepEqual(values[0], JSON.parse(text));
  assert.equal(new Set(values).size, 1);
});

/** Each value as it was when it was given. */
async function* snapshots(iterable) {
  for await (const value of iterable) yield structuredClone(value);
}

async function collect(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}
