/** What Python's json module writes of a number that JSON does not have. */
const NOT_FINITE = /([:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/g;

/** A line of JSON, or nothing where it is none; a number that is not finite is null. */
export function parseJsonLine(line: string): unknown {
  return parsed(line) ?? parsed(line.replace(NOT_FINITE, '$1null'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
