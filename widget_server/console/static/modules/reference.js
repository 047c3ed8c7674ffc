// Shows every endpoint of the OpenAPI document, each ready to be tried with the token typed above.

const place = document.getElementById("reference");
const token = document.querySelector("#reference-key input");
const METHODS = ["get", "post", "put", "patch", "delete"];

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Follow a reference within the document. */
function resolve(spec, schema) {
  if (!schema?.$ref) return schema ?? {};
  return schema.$ref.slice(2).split("/").reduce((node, part) => node[part], spec);
}

/** A value that fits a schema: what a person would start from. */
function example(spec, given, depth = 0) {
  const schema = resolve(spec, given);
  if (depth > 4) return null;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const type = [schema.type].flat()[0];
  if (type === "object" || schema.properties) {
    const wanted = schema.required ?? Object.keys(schema.properties ?? {});
    return Object.fromEntries(wanted.map((name) => [name, example(spec, schema.properties?.[name], depth + 1)]));
  }
  if (type === "array") return schema.items ? [example(spec, schema.items, depth + 1)] : [];
  return { integer: 0, number: 0, boolean: false, string: "" }[type] ?? null;
}

function field(parameter) {
  const input = make("input", { name: parameter.name, "data-in": parameter.in, autocomplete: "off", placeholder: parameter.schema?.type ?? "" });
  if (parameter.required) input.required = true;
  if (parameter.name === "Idempotency-Key") input.value = `try-${Math.random().toString(36).slice(2, 12)}`;
  return make("label", { class: "field" }, make("span", {}, parameter.name), input);
}

async function send(form, method, path, output) {
  const query = new URLSearchParams();
  const headers = new Headers();
  let url = path;
  for (const input of form.querySelectorAll("[data-in]")) {
    if (input.dataset.in === "path") url = url.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.value && input.dataset.in === "query") query.set(input.name, input.value);
    else if (input.value && input.dataset.in === "header") headers.set(input.name, input.value);
  }
  if (token.value) headers.set("Authorization", `Bearer ${token.value.trim()}`);
  const text = form.querySelector("textarea")?.value;
  if (text) headers.set("Content-Type", "application/json");
  const began = performance.now();
  output.textContent = "…";
  try {
    const answer = await fetch(query.size ? `${url}?${query}` : url, { method: method.toUpperCase(), headers, body: text || undefined });
    const raw = await answer.text();
    let shown = raw;
    try {
      shown = JSON.stringify(JSON.parse(raw), null, 2);
    } catch {
      // Not JSON: shown as it came.
    }
    output.textContent = `${answer.status} ${answer.statusText} · ${Math.round(performance.now() - began)} ms\n${shown}`;
  } catch {
    output.textContent = place.dataset.failed;
  }
}

function operation(spec, method, path, told, shared) {
  const body = told.requestBody?.content?.["application/json"]?.schema;
  const form = make("form", { class: "try" });
  for (const each of [...shared, ...(told.parameters ?? [])]) form.append(field(resolve(spec, each)));
  if (body) {
    const area = make("textarea", { rows: "6", spellcheck: "false" });
    area.value = JSON.stringify(example(spec, body), null, 2);
    form.append(make("label", { class: "field" }, make("span", {}, place.dataset.body), area));
  }
  const output = make("pre", { class: "excerpt", "aria-live": "polite", "aria-label": place.dataset.answer, tabindex: "0", hidden: "" });
  form.append(make("button", { class: "button primary" }, place.dataset.send), output);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    output.hidden = false;
    send(form, method, path, output);
  });
  const head = make("summary", {}, make("span", { class: `verb verb-${method}` }, method.toUpperCase()), make("code", {}, path), make("span", { class: "soft" }, told.summary ?? ""));
  return make("details", { class: "operation" }, head, form);
}

function show(spec) {
  const groups = new Map();
  for (const [path, item] of Object.entries(spec.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const group = item[method].tags?.[0] ?? "";
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(operation(spec, method, path, item[method], item.parameters ?? []));
    }
  }
  const about = new Map((spec.tags ?? []).map((tag) => [tag.name, tag.description]));
  const order = [...groups.keys()].sort((one, other) => other.startsWith("agent") - one.startsWith("agent"));
  place.replaceChildren(
    ...order.map((name) => make("section", { class: "panel" }, make("h2", {}, name), make("p", { class: "soft" }, about.get(name) ?? ""), ...groups.get(name))),
  );
}

fetch(place.dataset.document)
  .then((answer) => answer.json())
  .then(show)
  .catch(() => {
    place.textContent = place.dataset.failed;
  });
