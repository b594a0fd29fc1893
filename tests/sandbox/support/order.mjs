/** The rules for the order of the events of a stream, and the response that they add up to. */

import assert from "node:assert/strict";

const TERMINAL = ["response.completed", "response.incomplete", "response.failed"];

/** The field of the done event and of the part, by the name of the events. */
const TEXTS = {
  "response.output_text": "text",
  "response.refusal": "refusal",
  "response.reasoning": "text",
  "response.reasoning_summary_text": "text",
  "response.function_call_arguments": "arguments",
};

/**
 * Walks through the events and fails at the first one that is out of order.
 * @param {any[]} events
 * @returns {any} the response of the terminal event
 */
export function checkOrder(events) {
  assert.deepEqual(
    events.map(({ sequence_number }) => sequence_number),
    events.map((_, index) => index),
    "sequence numbers count up from 0",
  );
  for (const { event, type } of events) assert.equal(event, type, "the event line names the type");
  const [created, started, ...rest] = events;
  const last = rest.pop();
  assert.equal(created.type, "response.created");
  assert.equal(started.type, "response.in_progress");
  for (const { response } of [created, started]) {
    assert.equal(response.status, "in_progress");
    assert.deepEqual([response.output, response.usage, response.completed_at], [[], null, null]);
  }
  assert.ok(TERMINAL.includes(last.type), `${last.type} ends the stream`);
  assert.equal(last.type, `response.${last.response.status}`);

  const output = new Output();
  for (const event of rest) output.take(event);
  output.finish(last.response);
  return last.response;
}

class Output {
  items = [];
  part = null;
  text = null;

  take(event) {
    const { type } = event;
    if (type === "response.output_item.added") return this.openItem(event);
    const item = this.items[event.output_index];
    assert.ok(item && item === this.items.at(-1) && !item.done, `${type} belongs to the open item`);
    if (type === "response.output_item.done") return this.closeItem(event, item);
    assert.equal(event.item_id, item.id, `${type} names its item`);
    if (type.endsWith("_part.added")) return this.openPart(event, item);
    if (type.endsWith("_part.done")) return this.closePart(event, item);
    const [, name, step] = /^(.*)\.(delta|done)$/.exec(type);
    assert.ok(name in TEXTS, `${type} is known`);
    this.takeText(event, name, step, item);
  }

  openItem({ output_index, item }) {
    assert.equal(output_index, this.items.length, "items are numbered");
    assert.ok(
      this.items.every(({ done }) => done),
      "one item is open at a time",
    );
    assert.equal(item.status, "in_progress");
    assert.deepEqual([item.content ?? [], item.summary ?? [], item.arguments ?? ""], [[], [], ""], "items start empty");
    assert.ok(!("encrypted_content" in item), "what is encrypted comes at the end");
    this.items.push({ id: item.id, type: item.type, content: [], summary: [], arguments: "", done: null });
    this.text = item.type === "function_call" ? { sent: "", done: false } : null;
  }

  closeItem({ item }, open) {
    assert.equal(this.part, null, "no part is open");
    if (item.type === "function_call") assert.equal(item.arguments, open.arguments);
    else {
      assert.deepEqual(item.content ?? [], open.content);
      assert.deepEqual(item.summary ?? [], open.summary);
    }
    assert.ok(["completed", "incomplete"].includes(item.status));
    open.done = item;
  }

  openPart({ type, content_index, summary_index, part }, item) {
    assert.equal(this.part, null, "one part is open at a time");
    const list = type.includes("summary") ? item.summary : item.content;
    assert.equal(content_index ?? summary_index, list.length, "parts are numbered");
    assert.equal(part.text ?? part.refusal, "", "parts start empty");
    this.part = { list, index: list.length };
    this.text = { sent: "", done: false };
  }

  closePart({ content_index, summary_index, part }) {
    assert.equal(content_index ?? summary_index, this.part.index);
    assert.ok(this.text.done, "the text is done before its part");
    assert.equal(part.text ?? part.refusal, this.text.sent, "the part repeats the whole text");
    this.part.list.push(part);
    this.part = null;
    this.text = null;
  }

  takeText(event, name, step, item) {
    assert.ok(this.text && !this.text.done, `${event.type} belongs to an open text`);
    if (step === "delta") {
      assert.notEqual(event.delta, "");
      this.text.sent += event.delta;
      return;
    }
    const whole = event[TEXTS[name]];
    assert.equal(whole, this.text.sent, "done repeats the whole text");
    this.text.done = true;
    if (name === "response.function_call_arguments") item.arguments = whole;
  }

  finish(response) {
    if (response.status === "failed") return this.finishFailed(response);
    assert.ok(
      this.items.every(({ done }) => done),
      "all items are done",
    );
    assert.deepEqual(
      response.output,
      this.items.map(({ done }) => done),
    );
    const statuses = response.output.map(({ status }) => status);
    assert.ok(!statuses.slice(0, -1).includes("incomplete"), "only the last item can be incomplete");
    if (statuses.includes("incomplete")) assert.equal(response.status, "incomplete");
  }

  /** A failure leaves the last item as it is at that moment. */
  finishFailed({ output, error }) {
    assert.ok(error.code && error.message);
    const open = output.at(-1);
    assert.equal(open.status, "in_progress");
    assert.equal(open.content[0].text, this.text.sent);
  }
}
