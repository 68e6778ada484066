import { z } from 'zod';
import { UsageError } from './usage-error.ts';

/** How a setting is named and explained. Its flag is the variable in lower case, DATA_DIR is `--data-dir`, unless it says so. */
export interface SettingDescription {
  readonly variable: string;
  readonly purpose: string;
  /** What a value must be, to complete "… must be …". */
  readonly allowed: string;
  /** Never shown. */
  readonly secret?: true;
  /** Where it is not the variable in lower case. */
  readonly flag?: string;
  /** Not repeated where it is wrong: somebody may have put a secret there. */
  readonly mayHoldSecrets?: true;
}

export const settingDescriptions = z.registry<SettingDescription>();

/** Schemas from a string (or nothing) to a value, each registered in `settingDescriptions`. */
export type Settings = Readonly<Record<string, z.ZodType>>;

/** By variable. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where values are looked for. */
export interface Sources {
  readonly flags: Variables;
  readonly environment: Variables;
  readonly file: Variables;
}

export type Source = 'flag' | 'environment' | '.env' | 'default';

export interface ResolvedSetting {
  readonly variable: string;
  /** As people may see it. */
  readonly shown: string;
  readonly source: Source;
}

export interface Resolved<S extends Settings> {
  readonly values: { readonly [Name in keyof S]: z.infer<S[Name]> };
  readonly settings: readonly ResolvedSetting[];
}

/**
 * Flags go before the environment, the environment before `.env`, and `.env` before the defaults.
 * @throws UsageError with a sentence that names the first wrong setting
 */
export function resolveSettings<S extends Settings>(schemas: S, sources: Sources): Resolved<S> {
  const entries = Object.entries(schemas).map(([name, schema]) => {
    const setting = describeSetting(schema);
    const { source, value } = find(setting.variable, sources);
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new UsageError(wrongValue(setting, source, value, parsed.error));
    return {
      value: [name, parsed.data] as const,
      setting: { variable: setting.variable, shown: show(setting, parsed.data), source },
    };
  });
  return {
    // Each value was parsed by the schema of the same name, which the compiler cannot follow.
    values: Object.fromEntries(entries.map(({ value }) => value)) as Resolved<S>['values'],
    settings: entries.map(({ setting }) => setting),
  };
}

export function describeSetting(schema: z.ZodType): SettingDescription {
  const description = settingDescriptions.get(schema);
  if (description === undefined) throw new Error('a setting is not described in settingDescriptions');
  return description;
}

export function flagOf({ variable, flag = variable }: SettingDescription): string {
  return `--${flag.toLowerCase().replaceAll('_', '-')}`;
}

function find(variable: string, { flags, environment, file }: Sources) {
  const places = [
    { source: 'flag', value: flags[variable] },
    { source: 'environment', value: environment[variable] },
    { source: '.env', value: file[variable] },
  ] as const;
  return (
    places.find(({ value }) => value !== undefined) ?? ({ source: 'default', value: undefined } as const)
  );
}

function wrongValue(
  setting: SettingDescription,
  source: Source,
  value: string | undefined,
  { issues }: z.ZodError,
): string {
  const { variable, allowed } = setting;
  if (value === undefined) return `${variable} is missing: it must be ${allowed}.`;
  const isHidden = setting.secret === true || setting.mayHoldSecrets === true;
  const to = isHidden ? '' : ` to ${quote(value)}`;
  const own = issues.find(({ code, message }) => code === 'custom' && message !== NO_REASON);
  const reason = own === undefined ? '' : ` (${own.message})`;
  return `${variable} is set ${describePlace(setting, source)}${to}, but it must be ${allowed}${reason}.`;
}

/** What zod says where nobody gave a reason. */
const NO_REASON = 'Invalid input';

function describePlace(setting: SettingDescription, source: Source): string {
  switch (source) {
    case 'flag':
      return `by ${flagOf(setting)}`;
    case 'environment':
      return 'in the environment';
    case '.env':
      return 'in .env';
    case 'default':
      return 'by default';
  }
}

function quote(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}

function show({ secret }: SettingDescription, value: unknown): string {
  if (value === undefined || value === null) return '(not set)';
  return secret === true ? '********' : String(value);
}
