// @ts-check
/** Makes values for JSON schemas: always the same for the same schema, and as small as it can be. */

/** Thrown for schemas that ask for more than is understood here. */
export class SchemaError extends Error {}

/**
 * A value that satisfies the schema. Optional properties are filled in too, so that the value shows
 * what the schema can hold, except where that would not end.
 * @param {any} schema
 * @param {string} [word] what texts are to say, where they may; else it is the names of their properties
 * @returns {any}
 */
export function valueFor(schema, word) {
  return make(schema, { root: schema, name: "text", word, depth: 0 });
}

/** @typedef {{ root: any, name: string, word: string | undefined, depth: number }} Place `name` is that of the nearest property */

/** From here on optional properties and elements are left out: the schema may refer to itself. */
const FULL_DEPTH = 6;
const MAX_DEPTH = 40;

/**
 * @param {any} schema
 * @param {Place} place
 * @returns {any}
 */
function make(schema, place) {
  if (schema === true) return place.name;
  if (schema === false) throw new SchemaError("no value satisfies the schema 'false'");
  if (place.depth > MAX_DEPTH) throw new SchemaError("the schema never comes to an end");
  const deeper = { ...place, depth: place.depth + 1 };
  if (schema.$ref !== undefined) return make({ ...follow(schema.$ref, place.root), ...rest(schema, "$ref") }, deeper);
  if (schema.allOf) return make(merged(schema, place.root), deeper);
  for (const keyword of ["not", "if", "dependentSchemas", "patternProperties"]) {
    if (schema[keyword] !== undefined) throw new SchemaError(`the keyword '${keyword}' is not understood`);
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  for (const union of ["anyOf", "oneOf"]) {
    if (schema[union]) return choose(schema[union], (option) => make({ ...rest(schema, union), ...option }, deeper));
  }
  const types = [schema.type ?? impliedType(schema)].flat();
  return choose(types, (type) => makeType(type, schema, deeper));
}

/**
 * @param {string} type
 * @param {any} schema
 * @param {Place} place
 */
function makeType(type, schema, place) {
  switch (type) {
    case "object":
      return makeObject(schema, place);
    case "array":
      return makeArray(schema, place);
    case "string":
      return makeString(schema, place.word ?? place.name);
    case "integer":
      return makeNumber(schema, schema.multipleOf ?? 1);
    case "number":
      return makeNumber(schema, schema.multipleOf);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      throw new SchemaError(`the type '${type}' is not understood`);
  }
}

/** @param {any} schema @param {Place} place */
function makeObject(schema, place) {
  const required = schema.required ?? [];
  const properties = schema.properties ?? {};
  /** @type {Record<string, any>} */
  const value = {};
  for (const name of new Set([...Object.keys(properties), ...required])) {
    if (place.depth > FULL_DEPTH && !required.includes(name)) continue;
    value[name] = make(properties[name] ?? schema.additionalProperties ?? true, { ...place, name });
  }
  for (let extra = 1; Object.keys(value).length < (schema.minProperties ?? 0); extra += 1) {
    value[`key${extra}`] = make(schema.additionalProperties ?? true, place);
  }
  return value;
}

/** @param {any} schema @param {Place} place */
function makeArray(schema, place) {
  const fixed = schema.prefixItems ?? [];
  const shown = place.depth > FULL_DEPTH || schema.items === false ? fixed.length : Math.max(fixed.length, 1);
  const length = Math.max(schema.minItems ?? 0, Math.min(shown, schema.maxItems ?? shown));
  if (schema.uniqueItems && length > 1) throw new SchemaError("more than one unique item is not understood");
  return Array.from({ length }, (_, index) => make(fixed[index] ?? schema.items ?? true, place));
}

const FORMATS = {
  date: "2026-01-31",
  time: "12:00:00Z",
  "date-time": "2026-01-31T12:00:00Z",
  duration: "PT1H",
  email: "ada@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  uuid: "123e4567-e89b-42d3-a456-426614174000",
};

/** Texts to try on a pattern: no attempt is made to read it. */
const SPECIMENS = "a A 0 a1 A1 - abc ABC 123 1.0 AB12 AB-12 a@b.co 12:00 +1".split(" ");

/** @param {any} schema @param {string} name */
function makeString({ pattern, format, minLength = 0, maxLength = Number.POSITIVE_INFINITY }, name) {
  /** @param {string} text */
  const fitted = (text) => {
    const filled = text === "" || text.length >= minLength ? text : text.repeat(Math.ceil(minLength / text.length));
    return filled.slice(0, Math.max(minLength, Math.min(maxLength, text.length)));
  };
  if (pattern !== undefined) {
    const matches = new RegExp(pattern, "u");
    const found = [name, ...SPECIMENS, ...Object.values(FORMATS)].map(fitted).find((text) => matches.test(text));
    if (found === undefined) throw new SchemaError(`no text is known for the pattern '${pattern}'`);
    return found;
  }
  return FORMATS[/** @type {keyof typeof FORMATS} */ (format)] ?? fitted(name || "text");
}

/** @param {any} schema @param {number | undefined} step */
function makeNumber({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }, step) {
  const low = Math.max(minimum ?? -Infinity, exclusiveMinimum ?? -Infinity);
  const high = Math.min(maximum ?? Infinity, exclusiveMaximum ?? Infinity);
  /** @param {number} value */
  const fits = (value) => value >= low && value <= high && value !== exclusiveMinimum && value !== exclusiveMaximum;
  const candidates = step
    ? [1, 0, Math.ceil(low / step), Math.floor(low / step) + 1, Math.floor(high / step), Math.ceil(high / step) - 1]
    : [1, 0, low, low + 1, high, high - 1, (low + high) / 2];
  const found = candidates.map((value) => value * (step ?? 1)).find((value) => Number.isFinite(value) && fits(value));
  if (found === undefined) throw new SchemaError("no number is within the limits");
  // Rounding can give -0, which JSON does not know.
  return found + 0;
}

/** @param {any} schema */
function impliedType(schema) {
  if (schema.properties || schema.required || schema.additionalProperties !== undefined) return "object";
  if (schema.items !== undefined || schema.prefixItems) return "array";
  if (["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"].some((key) => key in schema)) {
    return "number";
  }
  return "string";
}

/**
 * The first option for which there is a value.
 * @template T
 * @param {T[]} options
 * @param {(option: T) => any} attempt
 */
function choose(options, attempt) {
  let failure = new SchemaError("there is nothing to choose from");
  for (const option of options) {
    try {
      return attempt(option);
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** @param {any} schema @param {any} root */
function merged(schema, root) {
  const parts = [rest(schema, "allOf"), ...schema.allOf].map((part) => (part.$ref ? follow(part.$ref, root) : part));
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required = [] }) => required),
  };
}

/** @param {string} reference @param {any} root */
function follow(reference, root) {
  if (!reference.startsWith("#")) throw new SchemaError(`the reference '${reference}' leads out of the schema`);
  let target = root;
  for (const step of reference.slice(1).split("/").slice(1)) {
    target = target?.[decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  if (target === undefined) throw new SchemaError(`the reference '${reference}' leads nowhere`);
  return target;
}

/** @param {any} schema @param {string} without */
function rest(schema, without) {
  const { [without]: _, ...others } = schema;
  return others;
}
