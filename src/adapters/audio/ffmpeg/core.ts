import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { FFmpeg, type FFmpegCore } from '@ffmpeg.wasm/main';
import { z } from 'zod';

const require = createRequire(import.meta.url);
const CORE = '@ffmpeg.wasm/core-st';

interface CoreOptions {
  readonly noInitialRun: boolean;
  instantiateWasm(
    imports: Readonly<Record<string, unknown>>,
    onInstance: (instance: WebAssembly.Instance) => void,
  ): unknown;
}

/** What the package is: a function that makes an instance. Its own types name some that it does not bring. */
const Core = z.custom<(options: CoreOptions) => Promise<FFmpegCore>>((core) => typeof core === 'function');

/** 25 MB of code, compiled once and shared by all threads. */
export async function compileCore(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(require.resolve(`${CORE}/dist/core.wasm`)));
}

/**
 * An instance for one job. As the package makes it, it would run a broken command first, and be damaged by it; and
 * would compile the code anew each time.
 * @param log is told each line
 */
export function createInstance(module: WebAssembly.Module, log: (line: string) => void): Promise<FFmpeg> {
  const core = Core.parse(require(CORE));
  return FFmpeg.create({
    core: (options) =>
      core({
        ...options,
        noInitialRun: true,
        instantiateWasm: (imports, onInstance) => {
          const instance = new WebAssembly.Instance(module, imports);
          onInstance(instance);
          return instance.exports;
        },
      }),
    // Left out, one object would be shared and changed by all instances.
    coreOptions: {},
    log: true,
    logger: (level, line) => {
      if (level === 'info' || level === 'error') log(String(line));
    },
  });
}
