/** What every program needs to find its files and to know its language; of the rest it gets what it is given. */
const ALLOWED = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'TMP',
  'TEMP',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  // Without these, nothing starts on Windows.
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'COMSPEC',
  'PATHEXT',
  'WINDIR',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'PSMODULEPATH',
]);

/** The bot's own secrets; no other program needs them. */
const SECRET = /^(?:DISCORD|OPENAI|AZURE_OPENAI)_|^(?:TRAINING|ANSWERING)_API_KEY$/;

export type Variables = Readonly<Record<string, string | undefined>>;

export interface PassedOn {
  /** Names beyond those that every program gets. */
  readonly names: readonly string[];
  /** What must not be in any variable. */
  readonly secrets: readonly string[];
}

/**
 * The variables that a program which the bot starts gets of the bot's own: those that are known to be harmless and
 * those that were named, and of neither one that holds a secret.
 */
export function childEnvironment(variables: Variables, { names, secrets }: PassedOn): Record<string, string> {
  const named = new Set(names.map((name) => name.toUpperCase()));
  const known = secrets.filter((secret) => secret !== '');
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    const key = name.toUpperCase();
    const allowed = ALLOWED.has(key) || key.startsWith('LC_') || named.has(key);
    if (value === undefined || !allowed || isOwnSecret(key)) continue;
    if (!known.some((secret) => value.includes(secret))) passed[name] = value;
  }
  return passed;
}

/** @param name in capitals */
export function isOwnSecret(name: string): boolean {
  return SECRET.test(name);
}
