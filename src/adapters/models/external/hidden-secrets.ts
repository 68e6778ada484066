const HIDDEN = '********';
/** Tokens of Hugging Face, OpenAI and Weights & Biases' kind, and what follows "Bearer". */
const PATTERNS = [
  /\bhf_[A-Za-z0-9]{16,}/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /(?<=\bbearer )\S+/gi,
  /\b[0-9a-f]{40}\b/g,
];
const SECRET_NAME = /TOKEN|KEY|SECRET|PASSWORD|CREDENTIAL/i;

/** What is shorter stands in ordinary words, too. */
const SHORTEST = 6;

/** Takes known secrets, and what looks like one, out of a text. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter(({ length }) => length >= SHORTEST);
  const hidden = known.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
  return PATTERNS.reduce((shown, pattern) => shown.replace(pattern, HIDDEN), hidden);
}

/** The values of the variables that are secrets by their names. */
export function secretsIn(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment)
    .filter(([name]) => SECRET_NAME.test(name))
    .map(([, value]) => value);
}
