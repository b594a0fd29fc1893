// The request form: what is in it, and what the examples and the choice of a server put there.

import { byId, element } from "./dom.js";
import { EXAMPLES } from "./examples.js";

const SERVERS = {
  sandbox: { baseURL: new URL("/v1", location.origin).href, model: "sandbox/story" },
  infron: { baseURL: "https://llm.onerouter.pro/v1", model: "o4-mini" },
};

const form = byId("form");
/** Of the server that the key was typed in for. */
let origin;
const fields = {
  model: byId("model"),
  baseURL: byId("base-url"),
  key: byId("key"),
  prompt: byId("prompt"),
  instructions: byId("instructions"),
  extra: byId("extra"),
};

/**
 * @param {{ onSend: () => void, onServer: () => void, onExample: () => Promise<void> }} listeners `onSend`: the form is
 * valid and to be sent; `onServer`: another base URL was chosen; `onExample`: an example is to be run, make room for it
 */
export function startForm({ onSend, onServer, onExample }) {
  fields.baseURL.value = SERVERS.sandbox.baseURL;
  fields.model.value = EXAMPLES[0].model;
  fields.prompt.value = EXAMPLES[0].prompt;
  for (const example of EXAMPLES) byId("examples").append(exampleButton(example, onServer, onExample));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onSend();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  // The browser can only point to a wrong field that is visible.
  const reveal = ({ target }) => target.closest("details")?.setAttribute("open", "");
  form.addEventListener("invalid", reveal, { capture: true });
  form.addEventListener("input", ({ target }) => {
    if (target.name !== "server") update();
  });
  for (const radio of form.elements.server) {
    radio.addEventListener("change", () => {
      chooseServer(radio.value);
      onServer();
    });
  }
  fields.baseURL.addEventListener("change", onServer);
  // A page that comes back from the browser's cache comes back without the key.
  addEventListener("pagehide", () => {
    fields.key.value = "";
    update();
  });
  update();
}

/** Which server to ask, as whom. */
export function readConnection() {
  return { baseURL: fields.baseURL.value.trim(), key: fields.key.value.trim() };
}

/** The body of the request; only of a valid form. */
export function readParams() {
  const instructions = fields.instructions.value.trim();
  return {
    model: fields.model.value.trim(),
    input: fields.prompt.value,
    ...(instructions ? { instructions } : {}),
    ...parseExtra(),
  };
}

/** Offers these ids for the model. */
export function offerModels(models) {
  const options = models.map(({ id, description }) =>
    element("option", { value: id, ...(typeof description === "string" ? { label: description } : {}) }),
  );
  byId("models").replaceChildren(...options);
}

/** The sandbox's ids that the page knows of itself. */
export function offerExamples() {
  offerModels(isSandbox() ? EXAMPLES.map(({ model, label }) => ({ id: model, description: label })) : []);
}

function exampleButton(example, onServer, onExample) {
  const button = element("button", { type: "button", title: example.model }, example.label);
  button.addEventListener("click", async () => {
    await onExample();
    const wasSandbox = isSandbox();
    chooseServer("sandbox");
    if (!wasSandbox) onServer();
    fields.model.value = example.model;
    fields.instructions.value = "";
    fields.extra.value = example.extra ? JSON.stringify(example.extra, null, 2) : "";
    if (example.prompt) fields.prompt.value = example.prompt;
    update();
    if (example.prompt) {
      form.requestSubmit();
    } else {
      fields.prompt.focus();
      fields.prompt.select();
    }
  });
  return button;
}

function chooseServer(name) {
  const { baseURL, model } = SERVERS[name] ?? {};
  if (baseURL) {
    const isForeign = fields.model.value.startsWith("sandbox/") !== (name === "sandbox");
    if (isForeign) fields.model.value = model;
    fields.baseURL.value = baseURL;
  }
  if (name !== "sandbox") byId("connection").open = true;
  update(name);
}

/** Brings everything that depends on the fields up to date. */
function update(chosen) {
  forgetForeignKey();
  const { baseURL, key } = readConnection();
  const known = Object.keys(SERVERS).find((name) => SERVERS[name].baseURL === baseURL);
  form.elements.server.value = chosen === "other" ? "other" : (known ?? "other");
  const host = URL.canParse(baseURL) ? new URL(baseURL).host : "";
  byId("connection-note").textContent = `${host || "no address"}, ${key ? "with a key" : "no key"}`;
  byId("key-host").textContent = host || "the server above";
  const used = [fields.instructions.value.trim() && "instructions", ...extraNames()].filter(Boolean);
  byId("options-note").textContent = used.join(", ");
}

/** A key that was typed in for one server is not for another. */
function forgetForeignKey() {
  const { baseURL } = readConnection();
  const now = URL.canParse(baseURL) ? new URL(baseURL).origin : "";
  if (now !== origin) fields.key.value = "";
  origin = now;
}

function isSandbox() {
  return readConnection().baseURL === SERVERS.sandbox.baseURL;
}

function extraNames() {
  fields.extra.setCustomValidity("");
  try {
    return Object.keys(parseExtra());
  } catch (error) {
    fields.extra.setCustomValidity(error.message);
    return ["not valid JSON"];
  }
}

function parseExtra() {
  const text = fields.extra.value.trim();
  if (!text) return {};
  const value = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("This must be a JSON object.");
  return value;
}
