import { UnsuitableSetting } from './unsuitable-setting.ts';

/** What a program needs to find its libraries, its GPU and its caches; of the rest it gets what it is given. */
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
  'XDG_CACHE_HOME',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
  'PYTHONPATH',
  'PYTHONHOME',
  'HF_HOME',
  'HF_HUB_CACHE',
  'HF_HUB_OFFLINE',
  'HF_DATASETS_CACHE',
  'HF_ENDPOINT',
  'TRANSFORMERS_OFFLINE',
  'TORCH_HOME',
  'TRITON_CACHE_DIR',
  'TOKENIZERS_PARALLELISM',
  'OMP_NUM_THREADS',
  'CUDA_HOME',
  'CUDA_VISIBLE_DEVICES',
  'CUDA_DEVICE_ORDER',
  'PYTORCH_CUDA_ALLOC_CONF',
  'NVIDIA_VISIBLE_DEVICES',
  'HIP_VISIBLE_DEVICES',
  'ROCR_VISIBLE_DEVICES',
  'HSA_OVERRIDE_GFX_VERSION',
  // Without these, nothing starts on Windows.
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'COMSPEC',
  'PATHEXT',
  'WINDIR',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
]);

/** The bot's own secrets; no trainer needs them. */
const NEVER = /^(?:DISCORD|OPENAI|AZURE_OPENAI)_|^(?:TRAINING|ANSWERING)_API_KEY$/;

export type Variables = Readonly<Record<string, string | undefined>>;

export interface PassedOn {
  /** Names beyond those that every trainer gets. */
  readonly names: readonly string[];
  /** What must not be in any variable. */
  readonly secrets: readonly string[];
}

/**
 * The variables that a trainer gets of the bot's own: those that are known to be harmless and those that were
 * named, and of neither one that holds a secret.
 */
export function childEnvironment(variables: Variables, { names, secrets }: PassedOn): Record<string, string> {
  const named = new Set(names.map((name) => name.toUpperCase()));
  const known = secrets.filter((secret) => secret !== '');
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    const key = name.toUpperCase();
    const allowed = ALLOWED.has(key) || key.startsWith('LC_') || named.has(key);
    if (value === undefined || !allowed || NEVER.test(key)) continue;
    if (!known.some((secret) => value.includes(secret))) passed[name] = value;
  }
  return passed;
}

/** The names in a setting, with commas or spaces between them. @throws UnsuitableSetting */
export function parseNames(text: string): readonly string[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  for (const name of names) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new UnsuitableSetting(`${name} is no name of a variable`);
    if (NEVER.test(name.toUpperCase())) throw new UnsuitableSetting(`${name} is a secret of the bot's own`);
  }
  return names;
}
