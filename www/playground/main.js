// Wires the page: form -> run -> output, events, status.
//
//   [ idle ] ── Send ──▶ [ connecting ] ── first event ──▶ [ streaming ] ──▶ [ done | stopped | error ] ── Send ──▶ …

import { byId, createPainter, following, milliseconds } from "./dom.js";
import { clearError, showError, titleOf } from "./error-view.js";
import { addEvents, clearEvents } from "./event-log.js";
import { offerExamples, offerModels, readConnection, readParams, startForm } from "./form.js";
import { addToOutput, clearOutput, completeOutput } from "./output.js";
import { showMeasurements, showState } from "./status.js";

/** Whether all of the page is in sight: see the style sheet. */
const isWide = matchMedia("(min-width: 960px)");

/** What run.js exports, once it is there. */
let api;
/** The run that is going on, if one is: how to end it, and when it has ended. */
let current;
/** Ends the listing of models that is going on, if one is. */
let listing;

async function main() {
  startForm({ onSend: send, onServer: () => suggestModels(), onExample: stop });
  try {
    // By itself, so that the page can say what is wrong when the package is not there.
    api = await import("./run.js");
  } catch (error) {
    showState("error", "The package did not load");
    showError(error);
    return;
  }
  byId("list-models").addEventListener("click", () => suggestModels(readConnection().key));
  byId("stop").addEventListener("click", stop);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") stop();
  });
  showState("idle", "Idle");
  showRunning(false);
  suggestModels();
}

function send() {
  if (!api || current) return;
  const controller = new AbortController();
  current = { controller, ended: perform(controller.signal) };
}

async function stop() {
  current?.controller.abort("stopped by the visitor");
  await current?.ended;
}

async function perform(signal) {
  const started = performance.now();
  const since = () => performance.now() - started;
  let firstEvent;
  let count = 0;
  let waiting = [];
  let requestID;
  let result;

  const paint = () => {
    const arrived = waiting;
    waiting = [];
    addToOutput(arrived.map(({ event }) => event));
    addEvents(arrived);
    if (!result) showMeasurements({ firstEvent, total: since(), events: count, requestID });
  };
  const planPaint = createPainter(paint);
  const onHead = (id) => {
    requestID = id;
    planPaint();
  };
  const onEvents = (events) => {
    const at = since();
    firstEvent ??= at;
    count += events.length;
    for (const event of events) waiting.push({ event, at });
    showState("streaming", "Streaming");
    planPaint();
  };

  begin();
  try {
    result = await api.run(api.createClient(readConnection()), readParams(), { signal, onHead, onEvents });
  } catch (error) {
    result = { outcome: "error", error };
  }
  const total = since();
  current = undefined;
  paint();
  end(result, { firstEvent, total, events: count });
}

function begin() {
  clearOutput();
  clearError();
  clearEvents();
  showState("connecting", "Connecting");
  showMeasurements({ events: 0 });
  showRunning(true);
  // On a small screen the answer is below the form, and the button that stops it should be in sight, too.
  byId("stop").parentElement.scrollIntoView({ block: isWide.matches ? "nearest" : "start" });
}

function end({ outcome, error, response, requestID }, numbers) {
  following(byId("answer"), () => {
    completeOutput(response);
    if (outcome === "error") showError(error, { requestID, hasPartial: numbers.events > 0 });
  });
  showMeasurements({ ...numbers, usage: response?.usage, requestID });
  showRunning(false);
  const time = milliseconds(numbers.total);
  if (outcome === "error") {
    showState("error", `Error: ${titleOf(error)}`);
  } else if (outcome === "stopped") {
    showState("stopped", `Stopped after ${time}`);
  } else {
    const reason = response.incomplete_details?.reason;
    showState(
      "done",
      response.status === "incomplete" ? `Done, incomplete: ${reason ?? "no reason given"}` : `Done in ${time}`,
    );
  }
}

/** The button that has the focus keeps it: a disabled one would lose it. */
function showRunning(isRunning) {
  byId("send").setAttribute("aria-disabled", String(isRunning));
  byId("stop").setAttribute("aria-disabled", String(!isRunning));
}

/** Asks the server for its models. The key is sent only when the visitor asks for the list. */
async function suggestModels(key = "") {
  if (!api) return;
  listing?.abort();
  listing = new AbortController();
  const { signal } = listing;
  const say = (text) => {
    if (!signal.aborted) byId("models-note").textContent = text;
  };
  offerExamples();
  say("");
  try {
    const models = await api.listModels(api.createClient({ ...readConnection(), key }), signal);
    if (signal.aborted) return;
    offerModels(models);
    say(`${models.length.toLocaleString("en")} models to choose from, or type another.`);
  } catch (error) {
    const remedy =
      error?.status === 401 && !key ? " Enter a key and press List models, or type a model." : " Type a model.";
    say(`No model list (${titleOf(error)}).${remedy}`);
  }
}

main();
