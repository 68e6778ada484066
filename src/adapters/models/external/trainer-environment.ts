import { childEnvironment, isOwnSecret, type PassedOn, type Variables } from '../../child-environment.ts';
import { UnsuitableSetting } from './unsuitable-setting.ts';

/** What a trainer needs beyond every other program, to find its libraries, its GPU and its caches. */
const TRAINER_NAMES = [
  'XDG_CACHE_HOME',
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
];

/** The variables that a trainer gets of the bot's own. */
export function trainerEnvironment(
  variables: Variables,
  { names, secrets }: PassedOn,
): Record<string, string> {
  return childEnvironment(variables, { names: [...TRAINER_NAMES, ...names], secrets });
}

/** The names in a setting, with commas or spaces between them. @throws UnsuitableSetting */
export function parseNames(text: string): readonly string[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  for (const name of names) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new UnsuitableSetting(`${name} is no name of a variable`);
    if (isOwnSecret(name.toUpperCase())) throw new UnsuitableSetting(`${name} is a secret of the bot's own`);
  }
  return names;
}
