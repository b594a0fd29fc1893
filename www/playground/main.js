// Wires the page: form -> run -> output, events, status.
//
//   [ idle ] ── Send ──▶ [ connecting ] ── first event ──▶ [ streaming ] ──▶ [ done | stopped | error ] ── Send ──▶ …

import { byId, createPainter, milliseconds } from "./dom.js";
import { clearError, showError, titleOf } from "./error-view.js";
import { addEvents, clearEvents } from "./event-log.js";
import { offerExamples, offerModels, readConnection, readParams, startForm } from "./form.js";
import { addToOutput, clearOutput, completeOutput } from "./output.js";
import { showMeasurements, showState } from "./status.js";

/** Ends the run that is going on, if one is. */
let current;
/** Ends the listing of models that is going on, if one is. */
let listing;

async function main() {
  startForm({ onSend: () => send(client), onServer: () => suggestModels(client) });
  // By itself, so that the page can say what is wrong when the package is not there.
  const client = await import("./run.js").catch((error) => {
    showState("error", "The package did not load");
    showError(error, false);
  });
  if (!client) return;

  byId("list-models").addEventListener("click", () => suggestModels(client, readConnection().key));
  byId("stop").addEventListener("click", stop);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") stop();
  });
  showState("idle", "Idle");
  showRunning(false);
  suggestModels(client);
}

async function send({ createClient, run }) {
  if (current) return;
  current = new AbortController();
  const started = performance.now();
  const since = () => performance.now() - started;
  let firstEvent;
  let count = 0;
  let waiting = [];

  const paint = () => {
    const arrived = waiting;
    waiting = [];
    addToOutput(arrived.map(({ event }) => event));
    addEvents(arrived);
    if (current) showMeasurements({ firstEvent, total: since(), events: count });
  };
  const planPaint = createPainter(paint);
  const onEvents = (events) => {
    const at = since();
    firstEvent ??= at;
    count += events.length;
    for (const event of events) waiting.push({ event, at });
    showState("streaming", "Streaming");
    planPaint();
  };

  begin();
  let result;
  try {
    result = await run(createClient(readConnection()), readParams(), { signal: current.signal, onEvents });
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
  // On a small screen the answer is below the form.
  byId("answer").closest("section").scrollIntoView({ block: "nearest" });
}

function end({ outcome, error, response, requestID }, numbers) {
  completeOutput(response);
  showMeasurements({ ...numbers, usage: response?.usage, requestID });
  showRunning(false);
  const time = milliseconds(numbers.total);
  if (outcome === "error") {
    showError(error, numbers.events > 0);
    showState("error", `Error: ${titleOf(error)}`);
  } else if (outcome === "stopped") {
    showState("stopped", `Stopped after ${time}`);
  } else {
    const reason = response.incomplete_details?.reason;
    showState("done", response.status === "incomplete" ? `Done, incomplete: ${reason ?? "no reason given"}` : `Done in ${time}`);
  }
}

function stop() {
  current?.abort("stopped by the visitor");
}

/** The button that has the focus keeps it: a disabled one would lose it. */
function showRunning(isRunning) {
  byId("send").setAttribute("aria-disabled", String(isRunning));
  byId("stop").setAttribute("aria-disabled", String(!isRunning));
}

/** Asks the server for its models. The key is sent only when the visitor asks for the list. */
async function suggestModels({ createClient, listModels }, key = "") {
  listing?.abort();
  const { signal } = (listing = new AbortController());
  const say = (text) => {
    if (!signal.aborted) byId("models-note").textContent = text;
  };
  offerExamples();
  say("");
  try {
    const models = await listModels(createClient({ ...readConnection(), key }), signal);
    if (signal.aborted) return;
    offerModels(models);
    say(`${models.length.toLocaleString("en")} models to choose from, or type another.`);
  } catch (error) {
    const remedy = error?.status === 401 && !key ? " Enter a key and press List models, or type a model." : " Type a model.";
    say(`No model list (${titleOf(error)}).${remedy}`);
  }
}

main();
