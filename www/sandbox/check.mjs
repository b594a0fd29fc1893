// @ts-check
/** Checks for JSON values. A check throws the 400 that names the field; it returns nothing. */

import { invalid } from "./errors.mjs";

/** @typedef {(value: any, path: string) => void} Check */

/**
 * @param {{ min?: number, max?: number, pattern?: RegExp }} [limits] lengths in characters
 * @returns {Check}
 */
export function string({ min = 0, max = Number.POSITIVE_INFINITY, pattern } = {}) {
  return (value, path) => {
    if (typeof value !== "string") throw wrongType(path, "a string", value);
    if (value.length < min) throw invalid(path, `'${path}' must have at least ${min} characters.`);
    // UTF-16 units are counted first: only a text that looks too long is worth counting properly.
    if (value.length > max && [...value].length > max) {
      throw invalid(path, `'${path}' must have at most ${max} characters.`);
    }
    if (pattern && !pattern.test(value)) throw invalid(path, `'${path}' must match ${pattern.source}.`);
  };
}

/**
 * @param {{ min?: number, max?: number, integer?: boolean }} [limits]
 * @returns {Check}
 */
export function number({ min, max, integer = false } = {}) {
  const expected = integer ? "an integer" : "a number";
  return (value, path) => {
    if (typeof value !== "number" || (integer && !Number.isInteger(value))) throw wrongType(path, expected, value);
    if (min !== undefined && value < min) throw invalid(path, `'${path}' must be at least ${min}.`);
    if (max !== undefined && value > max) throw invalid(path, `'${path}' must be at most ${max}.`);
  };
}

/** @type {Check} */
export function boolean(value, path) {
  if (typeof value !== "boolean") throw wrongType(path, "a boolean", value);
}

/** @type {Check} */
export function nothing(value, path) {
  if (value !== null) throw wrongType(path, "null", value);
}

/** @type {Check} */
export function anyObject(value, path) {
  if (!isObject(value)) throw wrongType(path, "an object", value);
}

/**
 * @param {...string} words
 * @returns {Check}
 */
export function oneOf(...words) {
  return (value, path) => {
    if (typeof value !== "string") throw wrongType(path, "a string", value);
    if (!words.includes(value)) throw invalid(path, `'${path}' must be one of: ${words.join(", ")}.`);
  };
}

/**
 * @param {Check} check
 * @returns {Check}
 */
export function nullable(check) {
  return (value, path) => {
    if (value !== null) check(value, path);
  };
}

/**
 * @param {Check} check
 * @param {{ min?: number, max?: number }} [limits]
 * @returns {Check}
 */
export function array(check, { min = 0, max = Number.POSITIVE_INFINITY } = {}) {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrongType(path, "an array", value);
    if (value.length < min) throw invalid(path, `'${path}' must have at least ${min} elements.`);
    if (value.length > max) throw invalid(path, `'${path}' must have at most ${max} elements.`);
    value.forEach((element, index) => {
      check(element, `${path}[${index}]`);
    });
  };
}

/**
 * An object with fields. Fields that are not named are allowed: servers have extras.
 * @param {Record<string, Check>} required
 * @param {Record<string, Check>} [optional]
 * @returns {Check}
 */
export function object(required, optional = {}) {
  return (value, path) => {
    anyObject(value, path);
    for (const [name, check] of Object.entries(required)) {
      if (value[name] === undefined) throw missing(join(path, name));
      check(value[name], join(path, name));
    }
    for (const [name, check] of Object.entries(optional)) {
      if (value[name] !== undefined) check(value[name], join(path, name));
    }
  };
}

/**
 * An object whose field `tag` says which of the checks it must pass.
 * @param {string} tag
 * @param {Record<string, Check>} checks
 * @param {(value: any) => boolean} [tolerated] values that pass although no check knows their tag
 * @returns {Check}
 */
export function tagged(tag, checks, tolerated = () => false) {
  const known = Object.keys(checks);
  return (value, path) => {
    anyObject(value, path);
    if (tolerated(value)) return;
    if (value[tag] === undefined) throw missing(join(path, tag));
    oneOf(...known)(value[tag], join(path, tag));
    checks[value[tag]](value, path);
  };
}

/**
 * A text or, when it is not one, what `other` accepts.
 * @param {Check} text
 * @param {Check} other
 * @param {string} expected both, in words
 * @returns {Check}
 */
export function stringOr(text, other, expected) {
  return (value, path) => {
    if (typeof value === "string") return text(value, path);
    if (value === null || typeof value !== "object") throw wrongType(path, expected, value);
    other(value, path);
  };
}

/** @param {string} path */
export function missing(path) {
  return invalid(path, `'${path}' is required.`, "missing_required_parameter");
}

/** @param {any} value */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {string} path
 * @param {string} expected
 * @param {any} value
 */
function wrongType(path, expected, value) {
  const got = value === null ? "null" : Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
  const subject = path === "" ? "The request body" : `'${path}'`;
  return invalid(path || null, `${subject} must be ${expected}, not ${got}.`, "invalid_type");
}

/**
 * @param {string} path
 * @param {string} name
 */
function join(path, name) {
  return path === "" ? name : `${path}.${name}`;
}
