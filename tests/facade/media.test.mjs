import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { api, run } from "./fake.mjs";

const { inputFile, inputImage, inputVideo } = api;
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGNgYGD4DwEQCgAe8AX7a1yJ4AAAAABJRU5ErkJggg==",
  "base64",
);
const WEBM = Buffer.concat([
  Buffer.from("1a45dfa39f4286810142f7810142f2810442f381084282847765626d", "hex"),
  Buffer.alloc(9),
]);
const url = (type, bytes) => `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
const buffer = (bytes) => new Uint8Array(bytes).buffer;

test("an image comes out of whatever has its bytes", async () => {
  const padded = new Uint8Array([1, 2, ...PNG, 3]);
  const sources = [
    PNG,
    buffer(PNG),
    padded.subarray(2, 2 + PNG.length),
    new DataView(padded.buffer, 2, PNG.length),
    new Blob([PNG]),
    new Blob([PNG], { type: "image/gif" }),
    new File([PNG], "photo.jpg"),
    runInNewContext("new Uint8Array(bytes).buffer", { bytes: [...PNG] }),
  ];
  for (const source of sources) {
    assert.deepEqual(await inputImage(source), { type: "input_image", image_url: url("image/png", PNG) });
  }
  assert.deepEqual(await inputImage(PNG, { detail: "low", mediaType: "image/x" }), {
    type: "input_image",
    image_url: url("image/x", PNG),
    detail: "low",
  });
});

test("bytes of any length are encoded as they are, over slices and turns", async () => {
  for (const size of [0, 1, 2, 3, 255, 65_535, 65_537, 262_145, 5_000_001]) {
    const bytes = randomBytes(size);
    const expected = url("application/x", bytes);
    for (const source of [bytes, new Blob([bytes])]) {
      const { file_data } = await inputFile(source, { mediaType: "application/x" });
      assert.ok(file_data === expected, `${size}`);
    }
  }
});

test("a file has its name, or the caller's, or one by its type", async () => {
  const pdf = Buffer.from("%PDF-1.7\n");
  assert.deepEqual(await inputFile(new File([pdf], "a.bin")), {
    type: "input_file",
    filename: "a.bin",
    file_data: url("application/pdf", pdf),
  });
  assert.equal((await inputFile(new File([pdf], "a.bin"), { filename: "b.pdf" })).filename, "b.pdf");
  assert.equal((await inputFile(pdf)).filename, "file.pdf");
  const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  const zip = Buffer.from("PK\x03\x04\x00\x00", "latin1");
  for (const source of [zip, new File([zip], "a.xlsx")]) {
    const part = await inputFile(source, { filename: "a.docx" });
    assert.deepEqual(part, { type: "input_file", filename: "a.docx", file_data: url(docx, zip) });
  }
  assert.equal((await inputFile(Buffer.from("a,b"), { filename: "a.csv" })).file_data, url("text/csv", "a,b"));
  assert.equal((await inputFile(pdf, { filename: "a.csv" })).file_data, url("application/pdf", pdf));
  assert.deepEqual(await inputFile(new Blob(["naïve"])), {
    type: "input_file",
    filename: "file.txt",
    file_data: url("text/plain", "naïve"),
  });
  assert.equal((await inputFile(new File(["a,b"], "t.CSV"))).file_data, url("text/csv", "a,b"));
  assert.equal(
    (await inputFile(new Blob(["a,b"], { type: "text/csv; charset=utf-8" }))).file_data,
    url("text/csv;charset=utf-8", "a,b"),
  );
});

test("a video is a video", async () => {
  assert.deepEqual(await inputVideo(WEBM), { type: "input_video", video_url: url("video/webm", WEBM) });
});

test("URLs are passed on unread", async () => {
  const address = "https://a.example/x?y=z#f";
  const data = "data:text/plain,hello";
  for (const source of [address, new URL(address)]) {
    assert.deepEqual(await inputImage(source), { type: "input_image", image_url: address });
    assert.deepEqual(await inputFile(source), { type: "input_file", file_url: address });
    assert.deepEqual(await inputVideo(source), { type: "input_video", video_url: address });
  }
  assert.deepEqual(await inputFile(address, { filename: "n" }), {
    type: "input_file",
    filename: "n",
    file_url: address,
  });
  assert.deepEqual(await inputFile(data), { type: "input_file", filename: "file.txt", file_data: data });
  assert.deepEqual(await inputImage(new URL(url("image/png", PNG))), {
    type: "input_image",
    image_url: url("image/png", PNG),
  });
});

const refused = (promise, code, message) =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof api.OpenResponsesError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });

test("what is no source is refused, and says what would be one", async () => {
  for (const source of ["photo.png", "", "/etc/passwd", "ftp://a.example/x"]) {
    await refused(inputImage(source), "invalid_media", /new Blob.*openAsBlob\(path\)/);
  }
  await refused(inputImage("blob:https://a.example/1"), "invalid_media", /pass the Blob/);
  for (const source of [
    undefined,
    null,
    7,
    { file_id: "f" },
    [],
    () => {},
    Promise.resolve(PNG),
    createReadStream(import.meta.filename),
  ]) {
    await refused(inputFile(source), "invalid_media", /Blob or File.*openAsBlob\(path\).*file_id/);
  }
  await refused(inputImage(new Blob([])), "invalid_media", /empty/);
  await refused(inputImage(new Blob(["%PDF-1.7"])), "invalid_media", /application\/pdf/);
  await refused(inputVideo(PNG), "invalid_media", /image\/png/);
  await refused(inputImage(Buffer.from([0, 1])), "unknown_media_type", /mediaType/);
});

test("options of the wrong type are refused by name", async () => {
  const wrong = [
    [inputImage, { detail: 7 }, /detail/],
    [inputImage, { mediaType: 7 }, /mediaType/],
    [inputFile, { filename: 7 }, /filename/],
    [inputFile, { onProgress: 7 }, /onProgress/],
    [inputVideo, { signal: {} }, /signal/],
    ...[inputImage, inputFile, inputVideo].map((make) => [make, null, /The option options/]),
  ];
  for (const [make, options, message] of wrong) await refused(make(PNG, options), "invalid_option", message);
  await refused(inputImage(PNG, { mediaType: "png" }), "invalid_media", /mediaType/);
  await refused(inputImage("https://a.example/x.png", null), "invalid_option", /options/);
});

/** Something like a Blob, as jsdom's without `stream()`, that says how large it is and how much of it was read. */
function counted(size, { fail, type = "" } = {}) {
  const state = { read: 0 };
  return Object.assign(state, {
    size,
    type,
    arrayBuffer: () => assert.fail("the whole of it at once"),
    slice: (from, to) => ({
      arrayBuffer: async () => {
        if (fail) throw fail;
        const bytes = new Uint8Array(Math.min(to, size) - from);
        if (from === 0) bytes.set(PNG.subarray(0, bytes.length));
        // The first bytes are looked at before.
        if (to > 512) state.read += bytes.length;
        return bytes.buffer;
      },
    }),
  });
}

test("what is too large is refused before it is read, with the limit and the size", async () => {
  const image = counted(16_000_000);
  await refused(inputImage(image), "media_too_large", /image_url it has 21333358 characters, and 20971520 are allowed/);
  const file = counted(26_000_000);
  await refused(inputFile(file), "media_too_large", /file_data it has \d+ characters, and 33554432 are allowed/);
  await refused(inputVideo(counted(2 ** 40), { mediaType: "video/mp4" }), "media_too_large", /video_url/);
  assert.deepEqual([image.read, file.read], [0, 0]);
  const long = `data:image/png;base64,${"A".repeat(20_971_520)}`;
  await refused(inputImage(long), "media_too_large", /image_url/);
  assert.equal((await inputImage(long.slice(0, 20_971_520))).image_url.length, 20_971_520);
});

test("progress is told up to the end", async () => {
  for (const source of [randomBytes(5_000_000), new Blob([randomBytes(3_000_000), randomBytes(100_000)])]) {
    const seen = [];
    const total = source.size ?? source.length;
    await inputFile(source, { onProgress: (progress) => seen.push(progress) });
    assert.ok(seen.length > 1);
    assert.ok(
      seen.every((progress, index) => progress.total === total && progress.loaded > (seen[index - 1]?.loaded ?? 0)),
    );
    assert.equal(seen.at(-1).loaded, total);
  }
});

test("the reading can be aborted: before it, within it, and of a buffer too", async () => {
  const aborted = { name: "APIUserAbortError", code: "aborted", cause: "enough" };
  const over = AbortSignal.abort("enough");
  await assert.rejects(inputFile(PNG, { signal: over }), aborted);
  await assert.rejects(inputImage("https://a.example", { signal: over }), aborted);
  const blob = counted(10_000_000);
  for (const source of [blob, randomBytes(10_000_000)]) {
    const controller = new AbortController();
    const onProgress = () => controller.abort("enough");
    await assert.rejects(inputFile(source, { signal: controller.signal, onProgress }), aborted);
  }
  assert.ok(blob.read < 5_000_000);
});

test("a source that cannot be read says why", async () => {
  const fail = new DOMException("The file was moved.", "NotFoundError");
  await assert.rejects(inputFile(counted(10, { fail })), (error) => {
    assert.deepEqual([error.code, error.cause], ["media_unreadable", fail]);
    assert.match(error.message, /The file was moved/);
    return true;
  });
});

test("a buffer that somebody has taken away, before or while it is read, cannot be read", async () => {
  const detach = ({ buffer }) => structuredClone(buffer, { transfer: [buffer] });
  const taken = new Uint8Array(PNG);
  detach(taken);
  for (const source of [taken, taken.buffer]) await refused(inputImage(source), "media_unreadable", /detached/);
  const bytes = new Uint8Array(5 * 1024 * 1024);
  const onProgress = () => bytes.length > 0 && detach(bytes);
  await refused(inputFile(bytes, { onProgress }), "media_unreadable", /detached/);
});

test("a listener that throws ends the reading with its own error", async () => {
  const own = new Error("mine");
  const onProgress = () => {
    throw own;
  };
  const blob = counted(10_000_000);
  await assert.rejects(inputFile(blob, { onProgress }), own);
  assert.ok(blob.read < 3_000_000);
});

test("it works without a File, as in older servers", () => {
  const { stdout, stderr } = run(`
    delete globalThis.File;
    const part = await fake.api.inputFile(new Blob(["x"]), { filename: "x.txt" });
    console.log(part.filename, part.file_data);
  `);
  assert.equal(stdout, "x.txt data:text/plain;base64,eA==\n", stderr);
});
