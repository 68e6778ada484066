import { enableCompileCache } from 'node:module';

// What was compiled at one start is not compiled at the next, which takes half as long.
enableCompileCache();
await import('./program.ts');
