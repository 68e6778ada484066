/** What we use of a global that Node has and its types leave out. */
declare namespace WebAssembly {
  /** Compiled code; threads can share it. */
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, unknown>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
