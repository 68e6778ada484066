import { enableCompileCache } from 'node:module';

// Before anything else is loaded; not told to the trainer, which has an environment of its own.
enableCompileCache();
await import('./supervision.ts');
