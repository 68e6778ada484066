import { keepCompiled } from './compile-cache.ts';

// Before anything else is loaded.
keepCompiled();
await import('./program.ts');
