/** A checker for the part of JSON Schema that the contract and the tests use. */

/**
 * @param {any} root what references are looked up in
 * @returns {(schema: any, value: any, path?: string) => string[]} what is wrong, if anything
 */
export function createChecker(root) {
  const KEYWORDS = {
    type: (types, value) => [types].flat().some((type) => isOfType(type, value)) || `is not of type ${types}`,
    enum: (options, value) => options.some((option) => same(option, value)) || `is not one of ${options}`,
    const: (constant, value) => same(constant, value) || `is not ${JSON.stringify(constant)}`,
    minimum: (limit, value) => typeof value !== "number" || value >= limit || `is below ${limit}`,
    maximum: (limit, value) => typeof value !== "number" || value <= limit || `is above ${limit}`,
    exclusiveMinimum: (limit, value) => typeof value !== "number" || value > limit || `is not above ${limit}`,
    exclusiveMaximum: (limit, value) => typeof value !== "number" || value < limit || `is not below ${limit}`,
    multipleOf: (step, value) => typeof value !== "number" || value % step === 0 || `is not a multiple of ${step}`,
    minLength: (limit, value) => typeof value !== "string" || [...value].length >= limit || "is too short",
    maxLength: (limit, value) => typeof value !== "string" || [...value].length <= limit || "is too long",
    pattern: (pattern, value) =>
      typeof value !== "string" || new RegExp(pattern, "u").test(value) || "has another pattern",
    minItems: (limit, value) => !Array.isArray(value) || value.length >= limit || "has too few elements",
    maxItems: (limit, value) => !Array.isArray(value) || value.length <= limit || "has too many elements",
    minProperties: (limit, value) => !isObject(value) || Object.keys(value).length >= limit || "has too few properties",
    required: (names, value) => {
      const missing = isObject(value) ? names.filter((name) => !(name in value)) : [];
      return missing.length === 0 || `lacks ${missing}`;
    },
  };

  function check(schema, value, path = "") {
    if (schema === true) return [];
    if (schema === false) return [`${path} is not allowed`];
    const problems = Object.entries(KEYWORDS)
      .filter(([keyword]) => keyword in schema)
      .map(([keyword, rule]) => rule(schema[keyword], value))
      .filter((result) => result !== true)
      .map((problem) => `${path} ${problem}`);
    if (schema.$ref) problems.push(...check(follow(schema.$ref), value, path));
    for (const part of schema.allOf ?? []) problems.push(...check(part, value, path));
    for (const union of ["anyOf", "oneOf"]) {
      if (schema[union]) problems.push(...checkUnion(union, schema[union], value, path));
    }
    if (isObject(value)) problems.push(...checkProperties(schema, value, path));
    if (Array.isArray(value)) problems.push(...checkItems(schema, value, path));
    return problems;
  }

  function checkUnion(union, options, value, path) {
    const results = options.map((option) => check(option, value, path));
    const matches = results.filter((problems) => problems.length === 0).length;
    if (matches === 1 || (union === "anyOf" && matches > 1)) return [];
    if (matches > 1) return [`${path} matches ${matches} options of ${union}`];
    // The option with the fewest problems is most probably the one that was meant.
    return results.sort((a, b) => a.length - b.length)[0];
  }

  function checkProperties({ properties = {}, additionalProperties = true }, value, path) {
    return Object.entries(value).flatMap(([name, entry]) =>
      check(Object.hasOwn(properties, name) ? properties[name] : additionalProperties, entry, `${path}.${name}`),
    );
  }

  function checkItems({ prefixItems = [], items = true }, value, path) {
    return value.flatMap((entry, index) => check(prefixItems[index] ?? items, entry, `${path}[${index}]`));
  }

  function follow(reference) {
    const target = reference
      .slice(2)
      .split("/")
      .reduce((node, step) => node?.[step], root);
    if (target === undefined) throw new Error(`${reference} leads nowhere`);
    return target;
  }

  return check;
}

function isOfType(type, value) {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
